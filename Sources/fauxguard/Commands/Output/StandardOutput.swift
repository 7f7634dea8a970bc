import IO

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
