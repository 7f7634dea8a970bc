/// A status code and the reason phrase that goes with it (RFC 9110 section 15).
package struct Status: Hashable, Sendable {
    /// The three digits, 100 to 599.
    package let code: Int

    /// Takes any code of the five classes, or returns nil for a number outside 100 to 599.
    package init?(code: Int) {
        guard (100...599).contains(code) else { return nil }
        self.code = code
    }

    private init(_ code: Int) {
        self.code = code
    }

    /// Whether an answer with this status may carry content; 1xx, 204 and 304 never do (RFC 9110 section 6.4.1).
    package var allowsContent: Bool {
        code >= 200 && code != 204 && code != 304
    }

    /// The registered reason phrase; empty, which RFC 9112 section 4 allows, for a code without one.
    package var reason: String {
        switch code {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 511: "Network Authentication Required"
        default: ""
        }
    }
}

extension Status: CustomStringConvertible {
    /// The code and its phrase, as a log shows them.
    package var description: String {
        reason.isEmpty ? "\(code)" : "\(code) \(reason)"
    }
}

/// The statuses this project answers by name.
extension Status {
    /// 200: the request was carried out.
    package static let ok = Status(200)
    /// 201: something was made.
    package static let created = Status(201)
    /// 202: taken, to be done later.
    package static let accepted = Status(202)
    /// 204: done, nothing to say; the answer has no content.
    package static let noContent = Status(204)
    /// 400: the bytes are not a well-formed request.
    package static let badRequest = Status(400)
    /// 401: credentials are missing or wrong.
    package static let unauthorized = Status(401)
    /// 403: understood and refused.
    package static let forbidden = Status(403)
    /// 404: nothing at this path.
    package static let notFound = Status(404)
    /// 405: the path exists and does not take this method; the answer needs `Allow`.
    package static let methodNotAllowed = Status(405)
    /// 408: the request did not arrive in time.
    package static let requestTimeout = Status(408)
    /// 409: in conflict with the present state.
    package static let conflict = Status(409)
    /// 413: the body is over the limit.
    package static let contentTooLarge = Status(413)
    /// 414: the request line is over the limit.
    package static let uriTooLong = Status(414)
    /// 415: a body of a kind that is not taken here.
    package static let unsupportedMediaType = Status(415)
    /// 417: an expectation other than `100-continue`.
    package static let expectationFailed = Status(417)
    /// 421: the request names a lab or host that is not served here.
    package static let misdirectedRequest = Status(421)
    /// 422: well-formed, and its content cannot be acted upon.
    package static let unprocessableContent = Status(422)
    /// 429: too many of one kind, or of one address (RFC 6585 section 4).
    package static let tooManyRequests = Status(429)
    /// 431: the head is over the limit.
    package static let headerFieldsTooLarge = Status(431)
    /// 500: the server, or the service it plays, failed.
    package static let internalServerError = Status(500)
    /// 501: a method or transfer coding that is not implemented.
    package static let notImplemented = Status(501)
    /// 503: not able to answer for now.
    package static let serviceUnavailable = Status(503)
    /// 505: a major version of HTTP other than 1.
    package static let versionNotSupported = Status(505)
}
