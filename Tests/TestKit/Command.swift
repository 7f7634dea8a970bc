import Foundation

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
