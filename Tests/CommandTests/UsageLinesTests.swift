import Testing

@testable import fauxguard

@Suite struct UsageLinesTests {
    // A field report: the line of usage ran over the edge of a terminal of 80 columns.
    @Test func `a long line of usage is broken between arguments`() {
        let message =
            "Error: no\nUsage: fauxguard a <b> [--size <size>] [--where <key=value> ...] --name <name> [--json]"
        #expect(
            UsageLines.broken(message, width: 40) == """
                Error: no
                Usage: fauxguard a <b> [--size <size>]
                    [--where <key=value> ...]
                    --name <name> [--json]
                """
        )
    }

    @Test(arguments: [
        "USAGE: fauxguard <subcommand>", "{\"a\":\"USAGE: [\"}", "", "a line that is no usage and is longer",
    ])
    func `what is short, or is none, stays as it is`(message: String) {
        #expect(UsageLines.broken(message, width: 30) == message)
    }
}
