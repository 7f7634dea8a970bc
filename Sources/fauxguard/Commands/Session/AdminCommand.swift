import ArgumentParser

/// A command that speaks to the admin plane.
protocol AdminCommand: ParsableCommand {
    /// Where the admin plane is, which lab is meant, and how to print.
    var options: AdminOptions { get }

    /// Does it, or throws the one line that says why not.
    func perform(_ session: AdminSession) throws(CommandFailure)
}

extension AdminCommand {
    func run() throws {
        do throws(CommandFailure) {
            try perform(try AdminSession(options))
        } catch {
            error.report()
            throw ExitCode(error.kind.rawValue)
        }
    }
}
