import Foundation
import Testing

/// The `openssl` command line, the independent judge of what the module mints and computes.
struct OpenSSLCommand {
    /// The exit status.
    var status: Int32
    /// Standard output.
    var output: [UInt8]
    /// Standard error, as text.
    var errors: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Runs the command to its end with `input` on standard input.
    static func run(_ arguments: [String], input: [UInt8] = []) throws -> OpenSSLCommand {
        let process = Process()
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return OpenSSLCommand(
            status: process.terminationStatus,
            output: Array(output),
            errors: String(decoding: errors, as: UTF8.self)
        )
    }

    /// Runs the command, which must succeed, and answers its standard output.
    @discardableResult
    static func output(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let result = try run(arguments, input: input)
        try #require(result.status == 0, "openssl \(arguments.joined(separator: " ")): \(result.errors)")
        return result.output
    }
}
