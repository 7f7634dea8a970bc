import Glibc
import Synchronization

/// Kills what a test process leaves running when it dies, however it dies.
///
/// It is a shell that reads, from a pipe, which processes run and which have ended; when the pipe ends, the test process
/// is gone. A parent-death signal would be simpler, but the kernel ties that one to a thread, and the threads of Swift's
/// pool come and go.
final class OrphanReaper: Sendable {
    static let shared = OrphanReaper()

    private static let script = """
        trap '' INT TERM HUP
        live=' '
        while read -r sign pid; do
            case $sign in
            +) live="$live$pid " ;;
            -) live="${live%%" $pid "*} ${live#*" $pid "}" ;;
            esac
        done
        for pid in $live; do kill -KILL "$pid" 2>/dev/null; done
        """

    private let pipe: Mutex<CInt?>

    private init() {
        do {
            var spawn = Spawn("/bin/sh", ["-c", Self.script], environment: [:])
            try spawn.open("/dev/null", as: STDOUT_FILENO)
            try spawn.open("/dev/null", as: STDERR_FILENO)
            let end = try spawn.pipe()
            _ = try spawn.start()
            pipe = Mutex(end)
        } catch {
            pipe = Mutex(nil)
        }
    }

    func watch(_ pid: pid_t) { tell("+ \(pid)\n") }

    func forget(_ pid: pid_t) { tell("- \(pid)\n") }

    private func tell(_ line: String) {
        let bytes = Array(line.utf8)
        // Shorter than PIPE_BUF, so written whole.
        pipe.withLock { pipe in
            guard let pipe else { return }
            _ = unsafe bytes.withUnsafeBytes { unsafe write(pipe, $0.baseAddress, $0.count) }
        }
    }
}
