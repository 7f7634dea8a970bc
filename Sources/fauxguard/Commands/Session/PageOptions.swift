import ArgumentParser

/// What every list takes.
struct PageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Stop after so many; without it, all are fetched.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 at least") }
    }
}
