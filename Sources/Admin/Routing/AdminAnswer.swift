import HTTP
import Journal
import Notation
import Registry
import Server

/// What a route answers: a head and a whole body, or a body that is made while it is sent.
package struct AdminAnswer {
    var status: Status
    /// The body's media type; nil for one without content.
    var contentType: FieldValue?
    /// The body, or its beginning where a stream follows.
    var body: [UInt8] = []
    var fields: [ResponseField] = []
    /// What makes the rest of the body.
    var stream: (any BodyStream)?
    /// Why something was refused, for the server's own record.
    var reason: String?
}

extension [ResponseField] {
    /// That nobody keeps it: licenses and tokens carry codes and seeds.
    static var unstored: [ResponseField] { [ResponseField("Cache-Control", "no-store")] }
}

extension AdminAnswer {
    /// JSON, with a final line feed for terminals.
    static func json(_ value: JSONValue, status: Status = .ok) -> AdminAnswer {
        let body = value.bytes + [UInt8(ascii: "\n")]
        return AdminAnswer(status: status, contentType: .json, body: body, fields: .unstored)
    }

    /// A page of a list: the first of what follows the page before.
    static func page<Rest: RandomAccessCollection>(
        of rest: Rest,
        _ limit: Int,
        by name: (Rest.Element) -> String,
        _ show: (Rest.Element) throws -> JSONValue
    ) rethrows -> AdminAnswer {
        let page = rest.prefix(limit)
        return .page(try page.map(show), next: rest.count > limit ? page.last.map(name) : nil)
    }

    private static func page(_ items: [JSONValue], next: String?) -> AdminAnswer {
        .json(["items": .array(items), "next": .init(orNull: next)])
    }

    /// A page of rows.
    static func page<Item, Key: CustomStringConvertible>(
        _ page: RegistryPage<Item, Key>,
        _ item: (Item) -> [JSONValue.Member]
    ) -> AdminAnswer {
        .page(page.items.map { .document(item($0)) }, next: page.next.map { "\($0)" })
    }

    /// Something that was made.
    static func created(_ value: JSONValue) -> AdminAnswer { json(value, status: .created) }

    /// Done, without content.
    static var nothing: AdminAnswer { AdminAnswer(status: .noContent) }

    /// What a plane takes at all, without content.
    static func methods(_ list: StaticString) -> AdminAnswer {
        AdminAnswer(status: .noContent, fields: [ResponseField("Allow", list)])
    }

    /// Text of another kind.
    static func text(_ body: [UInt8], _ contentType: FieldValue) -> AdminAnswer {
        AdminAnswer(status: .ok, contentType: contentType, body: body)
    }

    /// A refusal.
    init(_ problem: Problem) {
        let type = Problem.contentType
        self.init(status: problem.status, contentType: type, body: problem.bytes, fields: problem.fields)
        reason = problem.detail
    }

    /// The same with one more field in its head, where the value is one that a field can have.
    func with(_ name: String, _ value: String) -> AdminAnswer {
        var answer = self
        if let field = try? ResponseField(name: name, value: value) { answer.fields.append(field) }
        return answer
    }

    /// Writes it, and notes why it refuses.
    func write(to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        exchange.record.reason = reason
        exchange.stream = stream
        body += self.body
        return ResponseHead(status: status, contentType: contentType, fields: fields)
    }
}
