import HTTP
import Notation
import Server

/// What a route answers: a head and a whole body, or a body that is made while it is sent.
package struct AdminAnswer {
    /// The status.
    var status: Status
    /// The body's media type; nil for one without content.
    var contentType: FieldValue?
    /// The body, or its beginning where a stream follows.
    var body: [UInt8] = []
    /// Further fields of the head.
    var fields: [ResponseField] = []
    /// What makes the rest of the body.
    var stream: (any BodyStream)?
    /// Why something was refused, for the server's own record.
    var reason: String?
}

extension AdminAnswer {
    /// JSON, with a final line feed for terminals.
    static func json(_ value: JSONValue, status: Status = .ok) -> AdminAnswer {
        // Licenses and tokens carry codes and seeds.
        let fields = [ResponseField("Cache-Control", "no-store")]
        return AdminAnswer(status: status, contentType: .json, body: value.bytes + [UInt8(ascii: "\n")], fields: fields)
    }

    /// Something that was made.
    static func created(_ value: JSONValue) -> AdminAnswer { json(value, status: .created) }

    /// Done, without content.
    static var nothing: AdminAnswer { AdminAnswer(status: .noContent) }

    /// What the plane takes at all, without content.
    static var methods: AdminAnswer {
        AdminAnswer(
            status: .noContent,
            fields: [ResponseField("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")]
        )
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
}
