import Glibc
import Synchronization

/// What `posix_spawn` needs to start a process that inherits three descriptors and nothing else of ours.
@safe
struct Spawn: ~Copyable {
    private let program: String
    private var arguments: [String]
    private let environment: [String]
    private var actions = unsafe posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()
    private var inheritedEnd: CInt?

    init(_ program: String, _ arguments: [String], environment: [String: String]) {
        self.program = program
        self.arguments = [program] + arguments
        self.environment = environment.map { "\($0)=\($1)" }
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        // The test process may ignore or hold signals; a child that inherits that behaves as it never does at home.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    }

    deinit {
        var actions = unsafe actions
        var attributes = attributes
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        if let inheritedEnd { close(inheritedEnd) }
    }

    /// Lets it run in another directory; the shell that goes there becomes the program, so the process stays the same.
    mutating func change(to directory: String) {
        arguments = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + arguments
    }

    mutating func open(_ path: String, as descriptor: CInt) throws {
        let flags = O_WRONLY | O_CREAT | O_APPEND
        guard unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600) == 0 else {
            throw TestKitError("\(path) cannot be given to \(program)")
        }
    }

    mutating func openForReading(_ path: String, as descriptor: CInt) throws {
        guard unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, O_RDONLY, 0) == 0 else {
            throw TestKitError("\(path) cannot be given to \(program)")
        }
    }

    /// Makes a pipe the process's standard input and returns the end to write to.
    mutating func pipe() throws -> CInt {
        var ends: [CInt] = [-1, -1]
        try Self.oneAtATime.withLock { _ in
            guard unsafe Glibc.pipe(&ends) == 0 else { throw TestKitError("no pipe: errno \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        inheritedEnd = ends[0]
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        return ends[1]
    }

    /// A process that started between a pipe and its close-on-exec mark would hold it open for good; pipe2 would do
    /// without this, but Glibc's module shows nothing that needs `_GNU_SOURCE`.
    private static let oneAtATime = Mutex(())

    /// Starts it.
    consuming func start() throws -> Int32 {
        var pid: pid_t = 0
        var argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) } + [nil]
        let code = Self.oneAtATime.withLock { _ in
            unsafe posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &envp)
        }
        for index in unsafe argv.indices { unsafe free(argv[index]) }
        for index in unsafe envp.indices { unsafe free(envp[index]) }
        guard code == 0 else { throw TestKitError("\(program) cannot be started: errno \(code)") }
        return pid
    }
}

/// Kills what a test process leaves running when it dies, however it dies.
///
/// It is a shell that reads, from a pipe, which processes run and which have ended; when the pipe ends, the test
/// process is gone. A parent-death signal would be simpler, but the kernel ties that one to a thread, and the threads
/// of Swift's pool come and go.
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
