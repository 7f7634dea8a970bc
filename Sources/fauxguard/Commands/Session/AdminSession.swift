import Client
import HTTP
import IO
import Notation
import SoftToken

/// One command's conversation with the admin plane, and what it prints of it.
struct AdminSession {
    /// An answer that is not a refusal.
    struct Answer {
        let content: [UInt8]
        let json: JSONValue
        /// How many entries of a journal's span are gone, so that this is not all.
        var dropped = 0
    }

    let client: HTTPClient
    let lab: String
    let printsJSON: Bool
    /// Where the token came from that is sent along.
    let tokenFile: String?
    let terminal: Terminal
    let output = StandardOutput()

    /// The most bytes of an answer that is held in memory; documents are passed on as they come.
    private static let limit = 256 << 20
    /// The most items of a page, which the API documents.
    private static let pageSize = 1000

    init(_ options: AdminOptions) throws(CommandFailure) {
        client = try options.client()
        lab = options.labName
        printsJSON = options.json
        tokenFile = options.tokenPath
        terminal = Terminal(StandardStream.output)
    }

    /// A path of the lab that is meant.
    func path(_ parts: String...) throws(CommandFailure) -> String { try Self.path(["labs", lab] + parts) }

    /// A path of the API, from its parts, each of which is encoded.
    ///
    /// An empty name would make the path of something else.
    static func path(_ parts: [String]) throws(CommandFailure) -> String {
        var kind = "resource"
        for part in parts {
            guard !part.isEmpty else { throw CommandFailure(.usage, "an empty text names no \(kind)") }
            kind = part.hasSuffix("s") ? String(part.dropLast()) : part
        }
        return "/api/v1/" + parts.map(OutgoingRequest.encode).joined(separator: "/")
    }

    /// Sends a request with a JSON body, or none, and returns the answer; throws what a problem document says.
    func ask(
        _ method: Method,
        _ path: String,
        query: OutgoingRequest.Query = [],
        body: JSONValue? = nil,
        patience: HTTPClient.Patience = HTTPClient.Patience()
    ) throws(CommandFailure) -> Answer {
        let request = OutgoingRequest(
            method,
            path,
            query: query,
            body: body.map { (type: FieldValue("application/json"), bytes: $0.line) }
        )
        return try send(request, patience: patience)
    }

    /// Sends a request with any body, as ``ask(_:_:query:body:patience:)``.
    func send(
        _ request: OutgoingRequest,
        patience: HTTPClient.Patience = HTTPClient.Patience(),
        progress: (Int) -> Void = { _ in }
    ) throws(CommandFailure) -> Answer {
        let (response, content): (Response, [UInt8])
        do throws(ClientError) {
            (response, content) = try client.send(request, patience: patience, progress: progress, limit: Self.limit)
        } catch {
            throw CommandFailure(error, from: client.endpoint)
        }
        guard response.status.code < 300 else { throw refusal(response, content) }
        let dropped = response.value(of: "x-fauxguard-dropped").flatMap { Int($0) } ?? 0
        return Answer(content: content, json: (try? JSONValue.read(content)) ?? .null, dropped: dropped)
    }

    /// Sends a request and passes the answer's content on as it comes.
    func stream(
        _ request: OutgoingRequest,
        patience: HTTPClient.Patience = HTTPClient.Patience(),
        to sink: (ArraySlice<UInt8>) -> HTTPClient.Flow
    ) throws(CommandFailure) {
        var refused: [UInt8] = []
        let response: Response
        do throws(ClientError) {
            response = try client.send(request, patience: patience) { response, bytes in
                guard response.status.code >= 300 else { return sink(bytes) }
                refused += bytes
                return refused.count < 1 << 20 ? .more : .enough
            }
        } catch {
            throw CommandFailure(error, from: client.endpoint)
        }
        guard response.status.code < 300 else { throw refusal(response, refused) }
    }

    /// What a refusal says; with `--json`, its document goes to standard output as every other answer does.
    private func refusal(_ response: Response, _ content: [UInt8]) -> CommandFailure {
        if printsJSON, !content.isEmpty { print(raw: content) }
        return CommandFailure(
            AdminRefusal(status: response.status, json: (try? JSONValue.read(content)) ?? .null),
            tokenFile: tokenFile
        )
    }

    /// All items of a list, page by page, until there are `limit` of them; with `--json` each page is printed as it
    /// comes.
    func items(
        _ path: String,
        query: OutgoingRequest.Query = [],
        limit: Int? = nil
    ) throws(CommandFailure) -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        var last: Answer?
        defer { if let last { warnOfDropped(last) } }
        repeat {
            let size = min(limit.map { $0 - items.count } ?? Self.pageSize, Self.pageSize)
            var query = query + [("limit", "\(size)")]
            if let cursor { query.append(("cursor", cursor)) }
            let answer = try ask(.get, path, query: query)
            last = answer
            if printsJSON { print(raw: answer.content) }
            let page = answer.json["items"].items
            items += page
            let next = answer.json["next"].string
            // A server that gives the same cursor twice would be asked for ever.
            guard next != cursor else { break }
            cursor = next
        } while cursor != nil && limit.map { items.count < $0 } != false
        return items
    }

    /// Says on standard error that a journal ran over, where it did.
    func warnOfDropped(_ answer: Answer) {
        guard answer.dropped > 0 else { return }
        let text = "fauxguard: the journal ran over: \(answer.dropped) older entries are gone, so this is not all\n"
        StandardStream.write(Array(text.utf8), to: StandardStream.error)
    }

    /// Says on standard error what of something that was added looks like a slip.
    func tell(notes: JSONValue, on name: String) {
        let terminal = Terminal(StandardStream.error)
        for note in notes.items {
            let text = "fauxguard: note on \(name): \(note.shown)"
            // A log has a note in one line.
            let lines = terminal.columns.map { Prose.lines(text, width: $0) } ?? [text]
            StandardStream.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: StandardStream.error)
        }
    }

    /// Prints lines to standard output.
    func print(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        print(raw: Array(lines.joined(separator: "\n").utf8))
    }

    /// Prints bytes as they are, and ends the line where they do not.
    func print(raw bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        output.write(bytes.last == 0x0A ? bytes : bytes + [0x0A])
    }

    /// Prints an answer: as it is with `--json`, otherwise the lines for people.
    func show(_ answer: Answer, _ lines: (JSONValue) -> [String]) {
        if printsJSON { print(raw: answer.content) } else { print(lines(answer.json)) }
    }

    /// Prints one resource, its members in this order.
    func show(_ answer: Answer, in names: [String]) {
        show(answer) { Table.lines(of: $0, in: names, for: terminal) }
    }

    /// Prints items as a table; `what` names them where there is none.
    func tabulate(_ what: String, _ items: [JSONValue], _ columns: [Table.Column]) {
        if items.isEmpty {
            // Not a result: a program that reads the rows shall find none.
            StandardStream.write(Array("no \(what)\n".utf8), to: StandardStream.error)
        } else {
            print(Table(columns: columns).lines(items, for: terminal))
        }
    }
}
