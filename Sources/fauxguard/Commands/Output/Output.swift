import ArgumentParser
import Client
import HTTP
import IO
import Notation

/// Where an answer is written to.
struct OutputOption: ParsableArguments {
    @Option(help: .init("Write it to this file; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"
}

/// Where the bytes of an answer go: a file of their own, or standard output for `-`.
enum Output {
    /// Fetches what lies at `path`, or what a post of `body` gives, into `target`; what is secret becomes a file that
    /// only its owner reads.
    static func fetch(
        _ path: String,
        query: OutgoingRequest.Query = [],
        accept: FieldValue = FieldValue("*/*"),
        posting body: JSONValue? = nil,
        from session: AdminSession,
        into target: String,
        mode: UInt32
    ) throws(CommandFailure) {
        try checkName(target)
        let request = OutgoingRequest(
            body == nil ? .get : .post,
            path,
            query: query,
            accept: accept,
            body: body.map { (type: FieldValue("application/json"), bytes: $0.line) }
        )
        guard target != "-" else {
            return try session.stream(request) { bytes in
                session.output.write(Array(bytes))
                return session.output.isOpen ? .more : .enough
            }
        }
        let draft = try begin(target, mode: mode)
        var failure: SystemError?
        var count = 0
        try session.stream(request) { bytes in
            do throws(SystemError) {
                try draft.append(Array(bytes))
                count += bytes.count
                return .more
            } catch {
                failure = error
                return .enough
            }
        }
        if let failure { throw CommandFailure(failure) }
        do throws(SystemError) { try draft.commit() } catch { throw CommandFailure(error) }
        // Standard output has nothing else to say; a program reads the file.
        if !session.printsJSON { session.print(["wrote \(target): \(Wording.count(count, "byte"))"]) }
    }

    private static func begin(_ target: String, mode: UInt32) throws(CommandFailure) -> FileDraft {
        do throws(SystemError) { return try FileDraft(target, mode: mode) } catch { throw CommandFailure(error) }
    }

    private static func checkName(_ name: String) throws(CommandFailure) {
        guard name.isEmpty else { return }
        throw CommandFailure(.usage, "an empty text names no file; - is standard input or standard output")
    }

    /// Where something stands in what was read, for people.
    static func place(in source: String, _ line: Int?) -> String {
        let name = source == "-" ? "standard input" : source
        return line.map { "\(name):\($0)" } ?? name
    }

    /// Reads a whole file, or standard input for `-`.
    static func read(_ source: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        try checkName(source)
        do throws(SystemError) {
            return source == "-" ? try StandardStream.readToEnd(limit: limit) : try File.read(source, limit: limit)
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Standard output of a command: what was asked for goes there, and a part of it that got lost is no result.
final class StandardOutput {
    /// Why something was not written; nil where all was.
    private(set) var failure: SystemError?

    /// Whether more can be written.
    ///
    /// A reader that has left has seen what it wanted, so that is no failure.
    private(set) var isOpen = true

    /// Writes bytes, unless something before them could not be written.
    func write(_ bytes: [UInt8]) {
        guard isOpen else { return }
        do throws(SystemError) {
            try StandardStream.put(bytes, to: StandardStream.output)
        } catch {
            isOpen = false
            if !error.isOfMissingReader { failure = error }
        }
    }

    /// Throws where something was not written.
    func check() throws(CommandFailure) {
        if let failure { throw CommandFailure(failure) }
    }

    /// Writes a text that needs no server; throws the command's exit status where something stood in the way.
    static func print(_ text: String) throws {
        let output = StandardOutput()
        output.write(Array(text.utf8))
        try CommandFailure.reported { () throws(CommandFailure) in try output.check() }
    }
}
