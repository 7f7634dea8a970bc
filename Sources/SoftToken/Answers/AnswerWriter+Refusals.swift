/// Answers to what is no request.
extension AnswerWriter {
    /// Answers a request of `type` that has a field missing or wrong: the type's own shape, with nothing done.
    ///
    /// `header` is echoed as far as it was understood. `peers` are the answer's `__clustered_sns`, empty where nobody
    /// looked them up.
    ///
    /// [our choice: field-invalid-answer] Nothing is published of such a refusal; the text ends in the field's name, which
    /// is what a client's author needs.
    package func appendFieldInvalid(
        _ field: RequestField,
        of type: RequestType,
        header: PartialHeader,
        peers: [Peer] = [],
        into buffer: inout [UInt8]
    ) {
        if type == .mobile {
            append(.refused(.fieldInvalid), header: header, refusal: field, into: &buffer)
            return
        }
        var json = begin(type, version: header.version, in: &buffer)
        json.write(.serialNumber)
        if let serial = header.serial {
            json.string(serial.text)
        } else {
            json.null()
        }
        appendUnit(header.deviceVersion, header.deviceBuild, peers: peers, to: &json)
        if type == .activation {
            appendNothingActivated(to: &json)
        } else {
            json.write(.tokens)
            json.endArray()
        }
        end(&json, refusal: .fieldInvalid, field: field, in: &buffer)
    }

    /// Answers a request whose `__type` is none of the endpoint's.
    ///
    /// [our choice: unknown-type-answer] Status 200, and a body in which a client that looks at `result` or at `error`
    /// finds its refusal; there is no type to answer with, so `__type` is null.
    package func appendUnknownType(into buffer: inout [UInt8]) {
        var json = JSONWriter(taking: &buffer)
        json.beginObject()
        json.key("d")
        json.beginObject()
        json.key("__type")
        json.null()
        json.key("__version")
        json.string(orNull: Self.version)
        end(&json, refusal: .unknownType, in: &buffer)
    }

    /// Answers a body that is no JSON or holds no object `d`; goes out with status 500 and the header
    /// `jsonerror: true`.
    ///
    /// [our choice: parse-failure-shape] The shape is that of the ASP.NET services whose conventions the protocol follows.
    /// The message says what is wrong and where, and repeats nothing of the body.
    package func appendParseFailure(_ error: JSONError, into buffer: inout [UInt8]) {
        var json = JSONWriter(taking: &buffer)
        json.beginObject()
        json.key("Message")
        json.string("Invalid request: \(error).")
        json.key("StackTrace")
        json.null()
        json.key("ExceptionType")
        json.string("System.ArgumentException")
        json.endObject()
        json.giveBack(to: &buffer)
        if choices.endsWithNewline {
            buffer.append(0x0A)
        }
    }
}
