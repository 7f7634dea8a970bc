import Foundation
import Glibc
import Synchronization

/// A process of ours, with its output in two files; it never outlives the tests.
///
/// Not `Foundation.Process`: that one needs a run loop or a thread to wait, and gives no way to wait with a deadline.
/// What is still running with the last reference gone is killed, and so is what the test process leaves behind when it
/// dies.
package final class ChildProcess: Sendable {
    /// Where the standard input comes from.
    package enum Input: Sendable {
        /// `/dev/null`.
        case none
        /// A file.
        case file(String)
        /// A pipe that ``ChildProcess/write(_:)`` fills and ``ChildProcess/closeInput()`` ends.
        case pipe
    }

    /// How a process ended.
    package enum Exit: Sendable, Equatable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
    }

    /// The process's number.
    package let pid: Int32
    /// The name of the program, for messages.
    package let name: String

    private let folder: TemporaryFolder
    private let exit = Mutex<Exit?>(nil)
    private let inputEnd: Mutex<CInt?>

    /// Starts `program`, which is a path or a name to look for on `PATH`, with exactly this environment.
    ///
    /// It runs in `directory`, or where the tests run.
    package init(
        _ program: String,
        _ arguments: [String],
        input: Input = .none,
        directory: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        folder = try TemporaryFolder()
        name = URL(filePath: program).lastPathComponent
        var spawn = Spawn(program, arguments, environment: environment)
        if let directory { spawn.change(to: directory) }
        try spawn.open(folder.path(of: "out"), as: STDOUT_FILENO)
        try spawn.open(folder.path(of: "err"), as: STDERR_FILENO)
        var writeEnd: CInt?
        switch input {
        case .none: try spawn.openForReading("/dev/null", as: STDIN_FILENO)
        case .file(let path): try spawn.openForReading(path, as: STDIN_FILENO)
        case .pipe: writeEnd = try spawn.pipe()
        }
        inputEnd = Mutex(writeEnd)
        pid = try spawn.start()
        OrphanReaper.shared.watch(pid)
    }

    deinit {
        closeInput()
        guard poll() == nil else { return }
        kill(pid, SIGKILL)
        var status: CInt = 0
        _ = unsafe waitpid(pid, &status, 0)
        OrphanReaper.shared.forget(pid)
    }

    /// How it ended, or nil while it runs.
    package func poll() -> Exit? {
        exit.withLock { exit in
            if let exit { return exit }
            var status: CInt = 0
            guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
            OrphanReaper.shared.forget(pid)
            // <bits/waitstatus.h>: the low seven bits are the signal, the next byte the exit status.
            let signal = status & 0x7F
            exit = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            return exit
        }
    }

    /// Waits for its end; kills it and throws where it does not come in time.
    @discardableResult
    package func wait(within time: Duration = .seconds(20)) async throws -> Exit {
        do {
            return try await Deadline(in: time).wait(for: "end of \(name)") { poll() }
        } catch {
            signal(SIGKILL)
            throw TestKitError("\(error); its output:\n\(output)\(errors)")
        }
    }

    /// Sends a signal, unless it is known to have ended: its number may be another's by then.
    package func signal(_ number: Int32) {
        guard poll() == nil else { return }
        kill(pid, number)
    }

    /// Writes to the process's standard input, which must be a pipe.
    package func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        try inputEnd.withLock { end in
            guard let end else { throw TestKitError("\(name) has no open pipe as its input") }
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes[sent...].withUnsafeBytes { unsafe Glibc.write(end, $0.baseAddress, $0.count) }
                guard count > 0 else { throw TestKitError("writing to \(name) failed: errno \(errno)") }
                sent += count
            }
        }
    }

    /// Ends the pipe that is the process's standard input.
    package func closeInput() {
        inputEnd.withLock { end in
            if let end { close(end) }
            end = nil
        }
    }

    /// What it wrote to standard output so far.
    package var output: String { String(decoding: outputBytes, as: UTF8.self) }
    /// What it wrote to standard output so far, as it is.
    package var outputBytes: [UInt8] { read("out") }
    /// What it wrote to standard error so far.
    package var errors: String { String(decoding: read("err"), as: UTF8.self) }

    private func read(_ name: String) -> [UInt8] {
        (try? Data(contentsOf: URL(filePath: folder.path(of: name)))).map(Array.init) ?? []
    }
}

/// A tool run to its end.
package enum Command {
    /// What came of it.
    package struct Result: Sendable {
        /// The exit status; 128 and more is a signal, as shells count.
        package let status: Int32
        /// Standard output.
        package let output: String
        /// Standard output, as it is.
        package let bytes: [UInt8]
        /// Standard error.
        package let errors: String
    }

    /// Runs `program` with `input` on its standard input, and waits at most `time`.
    package static func run(
        _ program: String,
        _ arguments: [String],
        input: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        within time: Duration = .seconds(30)
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let source = try input.map { try folder.write($0, to: "in") }
        let process = try ChildProcess(
            program,
            arguments,
            input: source.map { .file($0) } ?? .none,
            environment: environment
        )
        let status: Int32 =
            switch try await process.wait(within: time) {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        let bytes = process.outputBytes
        return Result(
            status: status,
            output: String(decoding: bytes, as: UTF8.self),
            bytes: bytes,
            errors: process.errors
        )
    }
}
