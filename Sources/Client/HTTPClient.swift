package import HTTP
import TLS

/// A blocking client for one server, for command lines: one connection a request, on the caller's thread.
///
/// Over https nothing of a request is sent before the server's chain has ended in a given CA and its certificate has
/// named the host. Redirects are not followed and nothing is tried twice.
package struct HTTPClient {
    /// How long things may take.
    package struct Patience: Sendable {
        /// For one address to take a connection, and again for the handshake.
        package var connect: Duration
        /// Without a byte in either direction; nil waits for ever, which event streams need.
        package var idle: Duration?

        /// Five seconds and thirty, unless told otherwise.
        package init(connect: Duration = .seconds(5), idle: Duration? = .seconds(30)) {
            self.connect = connect
            self.idle = idle
        }
    }

    /// Whether more of an answer is wanted.
    package enum Flow: Sendable {
        /// Yes.
        case more
        /// No; the connection is closed.
        case enough
    }

    /// Where the server is.
    package let endpoint: ServerURL
    private let context: ClientContext?
    private let agent: FieldValue
    private let authorization: FieldValue?

    /// How much is read at once: a TLS record's worth (RFC 8446 section 5.1).
    private static let pieceSize = 16 * 1024

    /// A client of the server at `endpoint`, named `agent` for its log.
    ///
    /// `trustAnchors` are the CA in PEM that https needs; they are not looked at for http. Throws
    /// ``ClientError/tls(_:)`` for anchors that cannot be read.
    package init(
        _ endpoint: ServerURL,
        trusting trustAnchors: [UInt8] = [],
        agent: FieldValue,
        authorization: FieldValue? = nil
    ) throws(ClientError) {
        self.endpoint = endpoint
        self.agent = agent
        self.authorization = authorization
        do throws(TLSError) {
            context = endpoint.speaksTLS ? try ClientContext(trustAnchors: trustAnchors) : nil
        } catch {
            throw .tls(error)
        }
    }

    /// Sends a request and hands the answer's content to `content`, piece by piece as it comes.
    ///
    /// `progress` is told how many bytes of the body have left, at the beginning, after each piece and at the end;
    /// `content` is given at least one byte, and says whether to go on. Returns the head, once all was read or no more
    /// was wanted. Throws where no answer came; whatever its status, an answer is no error.
    package func send(
        _ request: OutgoingRequest,
        patience: Patience = Patience(),
        progress: (Int) -> Void = { _ in },
        content: (Response, ArraySlice<UInt8>) -> Flow
    ) throws(ClientError) -> Response {
        var connection = try ClientConnection.open(
            to: endpoint,
            trusting: context,
            connectingWithin: patience.connect,
            patience: patience.idle
        )
        do throws(ClientError) {
            let head = request.head(for: endpoint, agent: agent, authorization: authorization)
            try connection.send(head + (request.body?.bytes ?? [])) { progress(max(0, $0 - head.count)) }
        } catch {
            // A server that refuses a body answers and hangs up before it has all of it: its words say more.
            guard case .lost = error, let answer = try? read(from: &connection, request, content) else { throw error }
            return answer
        }
        return try read(from: &connection, request, content)
    }

    private func read(
        from connection: inout ClientConnection,
        _ request: OutgoingRequest,
        _ content: (Response, ArraySlice<UInt8>) -> Flow
    ) throws(ClientError) -> Response {
        var reader = ResponseReader(isForHead: request.method == .head)
        var response: Response?
        var buffer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        while true {
            let count = try connection.receive(into: &piece)
            buffer += piece[..<count]
            reading: while true {
                let (event, taken) = reader.next(in: buffer.span, isAtEnd: count == 0)
                defer { buffer.removeFirst(taken) }
                switch event {
                case .needsMore: break reading
                case .head(let head): response = head
                case .content(let range):
                    guard let response else { preconditionFailure("content comes behind its head") }
                    if content(response, buffer[range]) == .enough { return response }
                case .complete:
                    connection.close()
                    guard let response else { preconditionFailure("an answer has a head") }
                    return response
                case .failed(let defect): throw .broken(defect)
                }
            }
        }
    }

    /// Sends a request and returns the whole answer, whose content has at most `limit` bytes.
    ///
    /// A longer one is ``ClientError/broken(_:)`` with the rule that requests have for theirs.
    package func send(
        _ request: OutgoingRequest,
        patience: Patience = Patience(),
        progress: (Int) -> Void = { _ in },
        limit: Int
    ) throws(ClientError) -> (response: Response, content: [UInt8]) {
        var all: [UInt8] = []
        let response = try send(request, patience: patience, progress: progress) { _, bytes in
            all += bytes
            return all.count > limit ? .enough : .more
        }
        guard all.count <= limit else { throw .broken(.broken(.bodyTooLarge)) }
        return (response, all)
    }
}

/// A request to send.
package struct OutgoingRequest: Sendable {
    /// What is asked for; one with a token.
    package var method: Method
    /// The path below the endpoint's, percent-encoded, from its slash on.
    package var path: String
    /// Names and values of a query, not encoded.
    package typealias Query = [(name: String, value: String)]
    /// The query.
    package var query: Query
    /// The media types that are taken.
    package var accept: FieldValue
    /// The body and its media type.
    package var body: (type: FieldValue, bytes: [UInt8])?

    /// A request without a body and without a query, for JSON, unless told otherwise.
    package init(
        _ method: Method,
        _ path: String,
        query: Query = [],
        accept: FieldValue = FieldValue("application/json"),
        body: (type: FieldValue, bytes: [UInt8])? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.accept = accept
        self.body = body
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
