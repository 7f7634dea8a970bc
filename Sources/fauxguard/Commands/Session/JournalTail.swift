import Client
import HTTP
import IO
import Notation
import SoftToken

/// A journal's event stream, printed line by line.
struct JournalTail {
    let session: AdminSession
    let query: [(name: String, value: String)]
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
        var layout = TableLayout(JournalRows.columns, for: session.terminal)
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
