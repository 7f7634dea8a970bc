import ArgumentParser
import Client
import HTTP
import IO
import Notation
import SoftToken

/// Which connections or exchanges of the journal are meant.
struct JournalFilters: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: .init(
            "What must hold, such as alert=unknown_ca,client=127.0.0.1; may be repeated. "
                + "Filters: \(names.joined(separator: ", ")).",
            valueName: "filter=value,..."
        ),
        completion: .list(names.map { $0 + "=" })
    )
    var texts: [String] = []

    /// The filters of the API.
    static let names = [
        "client", "sni", "listener", "stage", "alert", "ja4", "rule", "serial", "license", "token", "type", "code",
        "outcome", "since", "until",
    ]

    func validate() throws {
        _ = try pairs()
    }

    /// The filters with their values, in the order given.
    private func pairs() throws -> OutgoingRequest.Query {
        var pairs: OutgoingRequest.Query = []
        for part in texts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, !sides[1].isEmpty else {
                throw ValidationError("\"\(part)\" is no filter=value")
            }
            guard Self.names.contains(sides[0]) else {
                throw ValidationError(
                    "no filter is named \"\(sides[0])\"; there are \(Self.names.joined(separator: ", "))"
                )
            }
            guard !pairs.contains(where: { $0.name == sides[0] }) else {
                throw ValidationError("the filter \(sides[0]) is given twice")
            }
            pairs.append((sides[0], sides[1]))
        }
        return pairs
    }

    /// Does what filters were given for.
    ///
    /// A value that only the server can judge is wrong usage too where it is refused: with the status of an expectation
    /// that failed, which has kinds of its own, a slip would let a script's `! fauxguard journal wait` pass.
    static func used<Value>(_ body: () throws(CommandFailure) -> Value) throws(CommandFailure) -> Value {
        do throws(CommandFailure) {
            return try body()
        } catch {
            var failure = error
            if ["invalid", "conflict"].contains(error.problem?.kind) { failure.kind = .usage }
            throw failure
        }
    }

    /// The same as parameters of a query; `validate()` has taken the wrong ones.
    var query: OutgoingRequest.Query { (try? pairs()) ?? [] }

    /// The same as an object.
    var object: JSONValue { .members(query.map { ($0.name, .string($0.value)) }) }
}

/// How much of each record is shown.
struct JournalDetailOptions: ParsableArguments {
    @Flag(help: "Show heads and bodies too.") var bodies = false
    @Flag(help: "Show seeds and codes in them too.") var secrets = false

    /// The parameters of a query.
    var query: OutgoingRequest.Query {
        (bodies ? [("bodies", "true")] : []) + (secrets ? [("secrets", "true")] : [])
    }
}

/// A journal's event stream, printed line by line.
struct JournalTail {
    let session: AdminSession
    let query: OutgoingRequest.Query
    let count: Int?

    /// Without a byte for so long the server, which sends a comment every few seconds, is gone.
    private static let silence = Duration.seconds(60)

    /// Prints until there are enough, or throws when the stream ends before.
    func run() throws(CommandFailure) {
        let request = try OutgoingRequest(
            .get,
            session.path("journal", "stream"),
            query: query,
            accept: FieldValue("text/event-stream")
        )
        var stream = EventStream()
        var layout = TableLayout(JournalRows.columns(), for: session.terminal)
        if session.terminal.isTerminal, !session.printsJSON { session.print([layout.header]) }
        var printed = 0
        var isOverlong = false
        try session.stream(request, patience: HTTPClient.Patience(idle: Self.silence)) { bytes in
            guard let events = stream.read(bytes) else {
                isOverlong = true
                return .enough
            }
            for event in events {
                show(event, &layout)
                printed += event.kind == "lost" ? 0 : 1
                if printed == count || !session.output.isOpen { return .enough }
            }
            return .more
        }
        if isOverlong { throw CommandFailure(.unable, "an event of the journal is larger than any can be") }
        guard printed == count || !session.output.isOpen else {
            throw CommandFailure(.unable, "the server ended the stream")
        }
    }

    private func show(_ event: EventStream.Event, _ layout: inout TableLayout) {
        if event.kind == "lost" {
            StandardStream.write(Array("fauxguard: some entries were missed\n".utf8), to: StandardStream.error)
        } else if session.printsJSON {
            session.print(raw: Array(event.data.utf8))
        } else if let record = try? JSONValue.read(Array(event.data.utf8)) {
            for row in JournalRows.rows(of: record) { session.print(layout.lines(row)) }
        }
    }
}
