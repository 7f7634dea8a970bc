import ArgumentParser

/// What every list takes.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Stop after so many; without it, all are fetched.", valueName: "count"),
        transform: Count.from(1)
    )
    var limit: Int?
}
