import Notation

/// Answers to what is no request.
extension AnswerWriter {
    /// Answers a request of `type` that has a field missing or wrong: the type's own shape, with nothing done.
    ///
    /// `header` is echoed as far as it was understood. `peers` are the answer's `__clustered_sns`, empty where nobody
    /// looked them up.
    ///
    /// [our choice: field-invalid-answer] Nothing is published of such a refusal; the text ends in the field's name,
    /// which is what a client's author needs.
    package func appendFieldInvalid(
        _ field: RequestField,
        of type: RequestType,
        header: PartialHeader,
        peers: [ClusterPeer] = [],
        into buffer: inout [UInt8]
    ) {
        if type == .mobile {
            append(.refused(.fieldInvalid), header.sender, refusal: field, into: &buffer)
            return
        }
        appendHead(of: type, header.sender, header.serial, peers: peers, into: &buffer)
        if type == .activation { appendNothingActivated(into: &buffer) }
        appendEnd(refusal: .fieldInvalid, field: field, into: &buffer)
    }

    /// Answers a request whose `__type` is none of the endpoint's.
    ///
    /// [our choice: unknown-type-answer] Status 200, and a body in which a client that looks at `result` or at `error`
    /// finds its refusal; there is no type to answer with, so `__type` is null.
    package func appendUnknownType(into buffer: inout [UInt8]) {
        let error = error(.unknownType)
        appendLast(room: 64 + error.room, into: &buffer) { json, room in
            json.write(#"{"d":{"__type":null,"__version":"#, in: &room)
            json.string(orNull: Self.version, in: &room)
            json.write(#","result":0,"#, in: &room)
            error.write(to: &json, in: &room)
        }
    }

    /// Answers a body that is no JSON or holds no object `d`; goes out with status 500 and the header
    /// `jsonerror: true`.
    ///
    /// [our choice: parse-failure-shape] The shape is that of the ASP.NET services whose conventions the protocol
    /// follows. The message says what is wrong and where, and repeats nothing of the body.
    package func appendParseFailure(_ error: JSONError, into buffer: inout [UInt8]) {
        let answer: JSONValue = [
            "Message": .string("Invalid request: \(error)."), "StackTrace": .null,
            "ExceptionType": "System.ArgumentException",
        ]
        answer.append(to: &buffer, escaping: .wire)
        if choices.endsWithNewline { buffer.append(0x0A) }
    }

    /// What this lab says of a refusal.
    func error(_ reason: ServiceError, field: String? = nil) -> AnswerError {
        AnswerError(errors[reason], field: field)
    }
}

/// An `error` member that says why: code and text, and behind the text the name of the member at fault.
struct AnswerError {
    private let code: Int
    private let text: String

    /// The most bytes that it takes.
    var room: Int { 64 + AnswerCursor.room(for: text) }

    fileprivate init(_ entry: ErrorTable.Entry, field: String?) {
        code = entry.code
        text = field.map { "\(entry.text): \($0)" } ?? entry.text
    }

    /// Writes it.
    func write(to json: inout AnswerCursor, in room: inout MutableRawSpan) {
        json.write(#""error":{"error_code":"#, in: &room)
        json.integer(code, in: &room)
        json.write(#","error_message":"#, in: &room)
        json.string(text, in: &room)
        json.write("}", in: &room)
    }
}
