package import HTTP

/// A request to send.
package struct OutgoingRequest: Equatable, Sendable {
    /// What is asked for; one with a token.
    package var method: Method
    /// The path below the endpoint's, percent-encoded, from its slash on.
    package var path: String
    /// Names and values of the query, not encoded.
    package var query: [(name: String, value: String)]
    /// The media types that are taken.
    package var accept: FieldValue
    /// The body and its media type.
    package var body: (type: FieldValue, bytes: [UInt8])?

    /// A request without a body and without a query, for JSON, unless told otherwise.
    package init(
        _ method: Method,
        _ path: String,
        query: [(name: String, value: String)] = [],
        accept: FieldValue = FieldValue("application/json"),
        body: (type: FieldValue, bytes: [UInt8])? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.accept = accept
        self.body = body
    }

    /// Compares everything.
    package static func == (left: OutgoingRequest, right: OutgoingRequest) -> Bool {
        left.method == right.method && left.path == right.path && left.accept == right.accept
            && left.query.elementsEqual(right.query, by: ==) && left.body?.type == right.body?.type
            && left.body?.bytes == right.body?.bytes
    }

    /// The path and the query, as the request line has them.
    var target: String {
        guard !query.isEmpty else { return path }
        let pairs = query.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }
        return path + "?" + pairs.joined(separator: "&")
    }

    /// Percent-encodes everything but RFC 3986's unreserved characters: good for one segment of a path and for either
    /// side of a query's pair.
    package static func encode(_ text: String) -> String {
        var encoded = ""
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        // A segment of dots alone would be taken for the folder itself or the one above (RFC 3986 section 5.2.4).
        return encoded == "." || encoded == ".." ? encoded.utf8.map { _ in "%2E" }.joined() : encoded
    }

    /// The head's bytes with the blank line; one request a connection.
    func head(for endpoint: ServerURL, agent: FieldValue, authorization: FieldValue?) -> [UInt8] {
        var bytes = Array("\(method.token ?? "GET") \(endpoint.prefix)\(target) HTTP/1.1\r\n".utf8)
        func add(_ name: StaticString, _ value: [UInt8]) {
            bytes += Array("\(name): ".utf8) + value + [0x0D, 0x0A]
        }
        add("Host", Array(endpoint.authority.utf8))
        add("User-Agent", agent.bytes)
        add("Accept", accept.bytes)
        if let authorization { add("Authorization", authorization.bytes) }
        if let body {
            add("Content-Type", body.type.bytes)
            add("Content-Length", Array("\(body.bytes.count)".utf8))
        } else if method != .get, method != .head {
            add("Content-Length", [0x30])
        }
        add("Connection", Array("close".utf8))
        return bytes + [0x0D, 0x0A]
    }
}
