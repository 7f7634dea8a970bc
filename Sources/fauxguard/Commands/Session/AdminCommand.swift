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
        try CommandFailure.reported { () throws(CommandFailure) in
            let session = try AdminSession(options)
            try perform(session)
            try session.output.check()
        }
    }
}

/// What every list takes.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Stop after so many; without it, all are fetched.", valueName: "count"),
        transform: Count.from(1)
    )
    var limit: Int?
}
