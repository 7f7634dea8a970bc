import Notation

extension Request {
    /// Reads `method SP target SP version` (RFC 9112 section 3).
    ///
    /// The version is judged before the target's form, so that a client of another version hears of that first.
    mutating func readLine(_ line: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) {
        let methodEnd = bytes.firstPosition(of: .space, in: line)
        guard methodEnd > line.lowerBound, methodEnd < line.upperBound else {
            throw Refusal(.malformedRequestLine, at: methodEnd)
        }
        for position in line.lowerBound..<methodEnd where !bytes[position].isTokenCharacter {
            throw Refusal(.badMethod, at: position)
        }
        let targetStart = methodEnd + 1
        let targetEnd = bytes.firstPosition(of: .space, in: targetStart..<line.upperBound)
        if bytes.equals("PROXY", at: line.lowerBound..<methodEnd) {
            try refuseProxyHeader(in: targetStart..<targetEnd, bytes)
        }
        guard targetEnd > targetStart, targetEnd < line.upperBound else {
            throw Refusal(.malformedRequestLine, at: targetEnd)
        }
        version = try Version(at: targetEnd + 1..<line.upperBound, in: bytes)
        method = Method(at: line.lowerBound..<methodEnd, in: bytes)
        target = targetStart..<targetEnd
        try readTarget(in: bytes)
    }

    /// Names a header of the PROXY protocol, version 1, by its second word.
    private func refuseProxyHeader(in word: Range<Int>, _ bytes: Span<UInt8>) throws(Refusal) {
        for family in ["TCP4", "TCP6", "UNKNOWN"] where bytes.equals(family, at: word) {
            throw Refusal(.proxyHeader, at: word.lowerBound)
        }
    }

    private mutating func readTarget(in bytes: Span<UInt8>) throws(Refusal) {
        // A URI is visible ASCII, and a target has no fragment.
        var position = target.lowerBound
        while position <= target.upperBound - 8, EightBytes(bytes, at: position).targetCount == 8 { position += 8 }
        let last = target.upperBound - 8
        if position > target.lowerBound, position > last, EightBytes(bytes, at: last).targetCount == 8 {
            position = target.upperBound
        }
        while position < target.upperBound {
            let octet = bytes[position]
            guard octet > .space, octet < .delete, octet != UInt8(ascii: "#") else {
                throw Refusal(.badTarget, at: position)
            }
            position += 1
        }
        if bytes[target.lowerBound] == UInt8(ascii: "/") {
            splitPath(from: target.lowerBound, in: bytes)
            return
        }
        if case .other(let token) = method, bytes.equals("CONNECT", at: token) {
            throw Refusal(.tunnel, at: token.lowerBound)
        }
        if bytes.equals("*", at: target) {
            guard method == .options else { throw Refusal(.badTarget, at: target.lowerBound) }
            path = target
            return
        }
        try readAbsoluteTarget(in: bytes)
    }

    /// Reads `http://authority/path?query`; the authority then stands for the `Host` field.
    private mutating func readAbsoluteTarget(in bytes: Span<UInt8>) throws(Refusal) {
        let start = target.lowerBound
        let authorityStart: Int
        if target.count > 7, bytes.equalsIgnoringCase("http://", at: start..<start + 7) {
            authorityStart = start + 7
        } else if target.count > 8, bytes.equalsIgnoringCase("https://", at: start..<start + 8) {
            authorityStart = start + 8
        } else {
            throw Refusal(.badTarget, at: start)
        }
        var authorityEnd = authorityStart
        while authorityEnd < target.upperBound,
            bytes[authorityEnd] != UInt8(ascii: "/"),
            bytes[authorityEnd] != UInt8(ascii: "?")
        {
            authorityEnd += 1
        }
        let authority = authorityStart..<authorityEnd
        guard Authority.isValid(at: authority, in: bytes) else { throw Refusal(.badTarget, at: authorityStart) }
        host = authority
        splitPath(from: authorityEnd, in: bytes)
        if path.isEmpty {
            // No path means the root (RFC 9110 section 4.2.3); the slash before the authority is one to point at.
            path = authorityStart - 1..<authorityStart
        }
    }

    private mutating func splitPath(from start: Int, in bytes: Span<UInt8>) {
        let pathEnd = bytes.firstPosition(of: UInt8(ascii: "?"), in: start..<target.upperBound)
        path = start..<pathEnd
        if pathEnd < target.upperBound {
            query = pathEnd + 1..<target.upperBound
        }
    }
}

/// A request method (RFC 9110 section 9).
///
/// Methods are case-sensitive: `get` is another method.
package enum Method: Equatable, Sendable {
    /// Reads a resource.
    case get
    /// Reads a resource's head only.
    case head
    /// Hands content to a resource; every provisioning request is one.
    case post
    /// Replaces a resource.
    case put
    /// Changes part of a resource (RFC 5789).
    case patch
    /// Removes a resource.
    case delete
    /// Asks what a resource takes.
    case options
    /// Asks for the request itself back; never answered, since it would echo credentials.
    case trace
    /// Any other token, as its place in the request's bytes.
    case other(Range<Int>)

    init(at range: Range<Int>, in bytes: Span<UInt8>) {
        switch range.count {
        case 3 where bytes.equals("GET", at: range): self = .get
        case 3 where bytes.equals("PUT", at: range): self = .put
        case 4 where bytes.equals("POST", at: range): self = .post
        case 4 where bytes.equals("HEAD", at: range): self = .head
        case 5 where bytes.equals("PATCH", at: range): self = .patch
        case 5 where bytes.equals("TRACE", at: range): self = .trace
        case 6 where bytes.equals("DELETE", at: range): self = .delete
        case 7 where bytes.equals("OPTIONS", at: range): self = .options
        default: self = .other(range)
        }
    }

    /// The method's token, or nil for ``other(_:)``, whose token is in the request's bytes.
    package var token: String? {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .other: nil
        }
    }
}

/// A version of HTTP that the reader takes.
package enum Version: Equatable, Sendable {
    /// HTTP/1.0: no chunked bodies, no `100 Continue`, closed after the answer unless asked otherwise.
    case http10
    /// HTTP/1.1, and any later 1.x, which is read as the latest one known (RFC 9110 section 2.5).
    case http11

    /// Reads `HTTP/` digit `.` digit, the letters in upper case (RFC 9112 section 2.3).
    init(at range: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) {
        let start = range.lowerBound
        if range.count == 8, EightBytes(bytes, at: start) == .http11 {
            self = .http11
            return
        }
        guard
            range.count == 8,
            bytes.equals("HTTP/", at: start..<start + 5),
            bytes[start + 5].isDigit,
            bytes[start + 6] == UInt8(ascii: "."),
            bytes[start + 7].isDigit
        else {
            throw Refusal(.badVersion, at: start)
        }
        guard bytes[start + 5] == UInt8(ascii: "1") else { throw Refusal(.unsupportedVersion, at: start) }
        self = bytes[start + 7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
