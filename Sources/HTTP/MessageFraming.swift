/// What a head's fields say about the length of the message and the life of the connection.
///
/// Fields are taken one by one, in order; a field that is wrong by itself is refused at once, and contradictions
/// between fields when the head is complete.
struct MessageFraming: Sendable {
    /// How the body's length is known.
    enum Body: Equatable {
        /// From `Content-Length`; 0 without one (RFC 9112 section 6.3).
        case sized(Int)
        /// From its chunks.
        case chunked
    }

    private enum Coding {
        case none
        case chunked
        case unsupported
    }

    /// The fields taken so far.
    private(set) var fieldCount = 0
    /// The `Host` field's value.
    private(set) var host: Range<Int>?
    /// The names' lengths, as ``Request/nameLengths`` has them.
    private(set) var nameLengths: UInt64 = 0
    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var expectsContinue = false
    private var expectsOther = false
    private var contentLength: Int?
    private var coding = Coding.none
    /// Whether the content is encoded, as by gzip.
    private var hasContentCoding = false
    private var singles: SingleField = []
    private var asksClose = false
    private var asksKeepAlive = false

    /// Takes one field of the head.
    mutating func take(_ field: HeaderField, in bytes: Span<UInt8>, limits: RequestLimits) throws(Refusal) {
        try countField(at: field.name.lowerBound, limits: limits)
        let length = field.name.count
        nameLengths |= 1 &<< UInt64(length & 63)
        switch length {
        case 4 where bytes.equalsIgnoringCase("host", at: field.name): try takeHost(field, in: bytes)
        case 6 where bytes.equalsIgnoringCase("expect", at: field.name): takeExpect(field.value, in: bytes)
        case 10 where bytes.equalsIgnoringCase("connection", at: field.name): takeConnection(field.value, in: bytes)
        case 14 where bytes.equalsIgnoringCase("content-length", at: field.name): try takeLength(field, in: bytes)
        case 17 where bytes.equalsIgnoringCase("transfer-encoding", at: field.name): try takeCoding(field, in: bytes)
        case 16 where bytes.equalsIgnoringCase("content-encoding", at: field.name):
            takeContentCoding(field.value, in: bytes)
        default: try takeSingle(field, in: bytes)
        }
    }

    private mutating func takeSingle(_ field: HeaderField, in bytes: Span<UInt8>) throws(Refusal) {
        let single = SingleField.named(at: field.name, in: bytes)
        guard singles.isDisjoint(with: single) else {
            throw Refusal(.duplicateField, of: single, at: field.name.lowerBound)
        }
        singles.formUnion(single)
    }

    /// Takes one field of a chunked body's trailers: counted, held against the forbidden names, and ignored.
    mutating func takeTrailer(_ field: HeaderField, in bytes: Span<UInt8>, limits: RequestLimits) throws(Refusal) {
        try countField(at: field.name.lowerBound, limits: limits)
        // Whoever merges trailers into the head would frame, route or admit the message by them (RFC 9110 section
        // 6.5.1).
        let forbidden = [
            "host", "content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive",
            "expect", "te", "upgrade", "cookie",
        ]
        guard !forbidden.contains(where: { bytes.equalsIgnoringCase($0, at: field.name) }),
            SingleField.named(at: field.name, in: bytes).isEmpty
        else {
            throw Refusal(.forbiddenTrailer, at: field.name.lowerBound)
        }
    }

    /// How the body is read, when all fields of the head are taken.
    ///
    /// Malformed and contradictory heads are refused before unsupported ones, and those before sizes.
    func body(of version: Version, endingAt end: Int, limits: RequestLimits) throws(Refusal) -> Body {
        if version == .http11, host == nil { throw Refusal(.missingHost, at: end) }
        let content = try content(of: version, endingAt: end)
        if expectsOther { throw Refusal(.unknownExpectation, at: end) }
        if let contentLength, contentLength > limits.bodyBytes { throw Refusal(.bodyTooLarge, at: end) }
        if hasContentCoding, coding == .chunked || (contentLength ?? 0) > 0 { throw Refusal(.contentCoding, at: end) }
        return content ?? .sized(0)
    }

    /// How an answer's content is read (RFC 9112 section 6.3), when all fields of its head are taken.
    ///
    /// Nil where neither a length nor chunks are announced: the content then lasts until the connection's end.
    func content(of version: Version, endingAt end: Int) throws(Refusal) -> Body? {
        if coding != .none, contentLength != nil { throw Refusal(.twoLengths, at: end) }
        if coding != .none, version == .http10 { throw Refusal(.transferEncodingInHTTP10, at: end) }
        if coding == .unsupported { throw Refusal(.unsupportedTransferCoding, at: end) }
        return coding == .chunked ? .chunked : contentLength.map { .sized($0) }
    }

    /// Whether the connection is to stay open (RFC 9112 section 9.3); `close` wins over `keep-alive`.
    func keepsAlive(in version: Version) -> Bool {
        !asksClose && (version == .http11 || asksKeepAlive)
    }

    private mutating func countField(at offset: Int, limits: RequestLimits) throws(Refusal) {
        fieldCount += 1
        guard fieldCount <= limits.fieldCount else { throw Refusal(.tooManyFields, at: offset) }
    }

    private mutating func takeHost(_ field: HeaderField, in bytes: Span<UInt8>) throws(Refusal) {
        guard host == nil else { throw Refusal(.duplicateHost, at: field.name.lowerBound) }
        guard Authority.isValid(at: field.value, in: bytes) else { throw Refusal(.badHost, at: field.value.lowerBound) }
        host = field.value
    }

    private mutating func takeExpect(_ value: Range<Int>, in bytes: Span<UInt8>) {
        let isKnown = bytes.equalsIgnoringCase("100-continue", at: value)
        if isKnown { expectsContinue = true } else { expectsOther = true }
    }

    private mutating func takeContentCoding(_ value: Range<Int>, in bytes: Span<UInt8>) {
        var rest = value
        while !rest.isEmpty {
            let name = bytes.takeMember(of: &rest)
            if !name.isEmpty, !bytes.equalsIgnoringCase("identity", at: name) { hasContentCoding = true }
        }
    }

    private mutating func takeConnection(_ value: Range<Int>, in bytes: Span<UInt8>) {
        var rest = value
        while !rest.isEmpty {
            let option = bytes.takeMember(of: &rest)
            if bytes.equalsIgnoringCase("close", at: option) { asksClose = true }
            if bytes.equalsIgnoringCase("keep-alive", at: option) { asksKeepAlive = true }
        }
    }

    private mutating func takeLength(_ field: HeaderField, in bytes: Span<UInt8>) throws(Refusal) {
        guard contentLength == nil else { throw Refusal(.duplicateContentLength, at: field.name.lowerBound) }
        var length = 0
        for position in field.value {
            // Far above any limit and far below overflow: ten times this still fits.
            guard bytes[position].isDigit, length < 1 << 56 else { throw Refusal(.badContentLength, at: position) }
            length = length * 10 + Int(bytes[position] &- UInt8(ascii: "0"))
        }
        guard !field.value.isEmpty else { throw Refusal(.badContentLength, at: field.value.lowerBound) }
        contentLength = length
    }

    private mutating func takeCoding(_ field: HeaderField, in bytes: Span<UInt8>) throws(Refusal) {
        guard coding == .none else { throw Refusal(.duplicateTransferEncoding, at: field.name.lowerBound) }
        if bytes.equalsIgnoringCase("chunked", at: field.value) {
            coding = .chunked
            return
        }
        coding = .unsupported
        var start = field.value.lowerBound
        while true {
            let comma = bytes.firstPosition(of: UInt8(ascii: ","), in: start..<field.value.upperBound)
            let name = bytes.trimmingBlanks(start..<comma)
            let isLast = comma == field.value.upperBound
            // Alone it was taken above, so `chunked` here stands behind another coding.
            let isKnown = isLast && bytes.equalsIgnoringCase("chunked", at: name) || isCompression(name, in: bytes)
            guard isKnown else { throw Refusal(.badTransferEncoding, at: name.lowerBound) }
            if isLast { return }
            start = comma + 1
        }
    }

    /// Whether this is a coding of the registry of RFC 9112 section 7.2, or one of its two old names.
    private func isCompression(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        for known in ["gzip", "deflate", "compress", "x-gzip", "x-compress"] {
            if bytes.equalsIgnoringCase(known, at: name) { return true }
        }
        return false
    }
}

/// The fields that have one value at most and that no rule of their own counts (RFC 9110 section 5.3): of two, one
/// reader would go by the first and another by the last.
struct SingleField: OptionSet, Sendable {
    let rawValue: UInt32

    /// The field of a name, or nothing for one that may stand more than once.
    static func named(at name: Range<Int>, in bytes: Span<UInt8>) -> SingleField {
        func field(_ lowercase: String, _ number: UInt32) -> SingleField? {
            bytes.equalsIgnoringCase(lowercase, at: name) ? SingleField(rawValue: 1 << number) : nil
        }
        let found: SingleField? =
            switch name.count {
            case 4: field("from", 0) ?? field("date", 1)
            case 5: field("range", 2)
            case 6: field("origin", 3)
            case 7: field("referer", 4)
            case 8: field("if-range", 5)
            case 10: field("user-agent", 6)
            case 12: field("content-type", 7) ?? field("max-forwards", 8)
            case 13: field("authorization", 9) ?? field("content-range", 10) ?? field("last-event-id", 11)
            case 14: field("sec-fetch-site", 12)
            case 15: field("x-fauxguard-lab", 13)
            case 16: field("content-location", 14)
            case 17: field("if-modified-since", 15)
            case 19: field("if-unmodified-since", 16) ?? field("proxy-authorization", 17)
            default: nil
            }
        return found ?? []
    }

    /// Its name, of one field.
    var name: String { Self.names[rawValue.trailingZeroBitCount] }

    /// By the number of their bit.
    private static let names = [
        "From", "Date", "Range", "Origin", "Referer", "If-Range", "User-Agent", "Content-Type", "Max-Forwards",
        "Authorization", "Content-Range", "Last-Event-ID", "Sec-Fetch-Site", "X-FauxGuard-Lab", "Content-Location",
        "If-Modified-Since", "If-Unmodified-Since", "Proxy-Authorization",
    ]
}
