/// Why the bytes of a peer are not taken as a request.
///
/// It names the broken rule and the place, never the bytes themselves, so it can be logged and answered as it is.
/// After a refusal the connection answers ``status`` and closes: where the next request would begin is not known.
package struct Refusal: Error, Equatable, Sendable {
    /// The rule that was broken.
    package let rule: Rule
    /// Where it was noticed, in bytes from the start of the request.
    package let offset: Int

    /// The field that stands twice, where one does that has no rule of its own.
    private let field: SingleField

    init(_ rule: Rule, of field: SingleField = [], at offset: Int) {
        self.rule = rule
        self.field = field
        self.offset = offset
    }

    /// The same, where `offset` counts from a place that is so many bytes further on.
    func moved(by distance: Int) -> Refusal { Refusal(rule, of: field, at: offset + distance) }

    /// The status to answer with.
    package var status: Status { rule.status }

    /// A short, stable name for logs and answers, such as `bare-lf`.
    package var name: String { rule.rawValue }

    /// One clause for a person, without a period.
    package var reason: String {
        field.isEmpty ? rule.reason : "the \(field.name) field appears more than once"
    }
}

extension Refusal: CustomStringConvertible {
    /// The status, the reason and the place, for one line of a log.
    package var description: String {
        "\(status.code) \(name) at byte \(offset): \(reason)"
    }
}

extension Refusal {
    /// One rule of the reader; the raw value is its name in logs and answers.
    package enum Rule: String, CaseIterable, Sendable {
        /// A line ends in LF alone (RFC 9112 section 2.2 lets a server refuse it).
        case bareLineFeed = "bare-lf"
        /// A CR that no LF follows.
        case bareCarriageReturn = "bare-cr"
        /// A control octet other than HTAB in a line; NUL and DEL included.
        case controlByte = "control-byte"
        /// More empty lines before the request line than ``RequestReader/toleratedEmptyLines``.
        case emptyLines = "empty-lines"

        /// Not `method SP target SP version`.
        case malformedRequestLine = "malformed-request-line"
        /// A method that is not a token.
        case badMethod = "bad-method"
        /// A target of none of the forms of RFC 9112 section 3.2.
        case badTarget = "bad-target"
        /// A version that is not `HTTP/` digit `.` digit.
        case badVersion = "bad-version"
        /// A well-formed version whose major number is not 1.
        case unsupportedVersion = "unsupported-version"
        /// `CONNECT`: this is not a proxy.
        case tunnel = "tunnel"
        /// A request line over its limit.
        case requestLineTooLong = "request-line-too-long"

        /// A head over its limit.
        case headTooLarge = "head-too-large"
        /// More fields than the limit.
        case tooManyFields = "too-many-fields"
        /// A line that begins with a blank: a folded field (`obs-fold`), or a blank before the first field.
        case foldedField = "folded-field"
        /// A field line without a colon.
        case missingColon = "missing-colon"
        /// A field line that begins with its colon.
        case emptyFieldName = "empty-field-name"
        /// A blank between a field's name and its colon.
        case blankBeforeColon = "blank-before-colon"
        /// A field name that is not a token.
        case badFieldName = "bad-field-name"

        /// A field of one value that stands twice.
        case duplicateField = "duplicate-field"

        /// A header of the PROXY protocol, version 1 or 2, where none is expected.
        case proxyHeader = "proxy-protocol"

        /// An HTTP/1.1 request without `Host`.
        case missingHost = "missing-host"
        /// More than one `Host`.
        case duplicateHost = "duplicate-host"
        /// A `Host` that is empty or not `host [":" port]`.
        case badHost = "bad-host"

        /// More than one `Content-Length`, equal ones included.
        case duplicateContentLength = "duplicate-content-length"
        /// A `Content-Length` that is not a plain decimal number, or one too large to count with.
        case badContentLength = "bad-content-length"
        /// `Transfer-Encoding` together with `Content-Length`.
        case twoLengths = "two-lengths"
        /// A body over the limit, announced or received.
        case bodyTooLarge = "body-too-large"

        /// A body with a `Content-Encoding`: none but `identity` is read.
        case contentCoding = "content-coding"

        /// More than one `Transfer-Encoding`.
        case duplicateTransferEncoding = "duplicate-transfer-encoding"
        /// A `Transfer-Encoding` that is not a list of registered codings with `chunked` at most once and last.
        case badTransferEncoding = "bad-transfer-encoding"
        /// A registered transfer coding other than `chunked`.
        case unsupportedTransferCoding = "unsupported-transfer-coding"
        /// `Transfer-Encoding` in an HTTP/1.0 request.
        case transferEncodingInHTTP10 = "transfer-encoding-in-http-1.0"
        /// An `Expect` other than `100-continue`.
        case unknownExpectation = "unknown-expectation"

        /// A chunk size that is not plain hexadecimal digits, or one too large to count with.
        case badChunkSize = "bad-chunk-size"
        /// What follows a chunk's size is no extension (RFC 9112 section 7.1.1).
        case badChunkExtension = "bad-chunk-extension"
        /// A chunk-size line over its limit.
        case chunkLineTooLong = "chunk-line-too-long"
        /// Chunk data that no CRLF follows.
        case badChunkEnd = "bad-chunk-end"
        /// More framing around a body's chunks than the limit.
        case chunkFramingTooLarge = "chunk-framing-too-large"
        /// A trailer that would change how the message is read or routed (RFC 9110 section 6.5.1).
        case forbiddenTrailer = "forbidden-trailer"
    }
}

extension Refusal.Rule {
    /// The status that answers a breach of this rule.
    package var status: Status {
        switch self {
        case .bodyTooLarge, .chunkFramingTooLarge: .contentTooLarge
        case .requestLineTooLong: .uriTooLong
        case .unknownExpectation: .expectationFailed
        case .headTooLarge, .tooManyFields: .headerFieldsTooLarge
        case .contentCoding: .unsupportedMediaType
        case .tunnel, .unsupportedTransferCoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        default: .badRequest
        }
    }

    /// One clause for a person, without a period.
    package var reason: String {
        switch self {
        case .bareLineFeed: "a line ends in LF without CR"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .controlByte: "a line holds a control byte"
        case .emptyLines: "too many empty lines stand before the request line"
        case .malformedRequestLine: "the request line is not method, target and version with one space between"
        case .badMethod: "the method is not a token"
        case .badTarget: "the target is not a path, an http or https URL, or, for OPTIONS, an asterisk"
        case .badVersion: "the version is not HTTP/ and two digits with a period between"
        case .unsupportedVersion: "only HTTP/1.x is spoken here"
        case .tunnel: "CONNECT is not implemented: this is not a proxy"
        case .requestLineTooLong: "the request line is over the limit"
        case .headTooLarge: "the head is over the limit"
        case .tooManyFields: "the request has more header fields than the limit"
        case .foldedField: "a header line begins with a blank"
        case .missingColon: "a header line has no colon"
        case .emptyFieldName: "a header field has no name"
        case .blankBeforeColon: "a blank stands before a header field's colon"
        case .badFieldName: "a header field's name is not a token"
        case .missingHost: "an HTTP/1.1 request needs a Host field"
        case .duplicateHost: "the Host field appears more than once"
        case .badHost: "the Host field is not a host with an optional port"
        case .duplicateField: "a header field that has one value appears more than once"
        case .proxyHeader: "a PROXY protocol header stands before the request, and this listener expects none"
        case .duplicateContentLength: "the Content-Length field appears more than once"
        case .badContentLength: "the Content-Length field is not one decimal number"
        case .twoLengths: "Transfer-Encoding and Content-Length contradict each other"
        case .bodyTooLarge: "the body is over the limit"
        case .duplicateTransferEncoding: "the Transfer-Encoding field appears more than once"
        case .badTransferEncoding: "the Transfer-Encoding field is not exactly chunked"
        case .unsupportedTransferCoding: "the only transfer coding implemented is chunked"
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding"
        case .unknownExpectation: "the only expectation known is 100-continue"
        case .badChunkSize: "a chunk size is not a hexadecimal number"
        case .contentCoding: "the body has a Content-Encoding, and only identity is read here"
        case .badChunkExtension: "what follows a chunk size is not a list of extensions"
        case .chunkLineTooLong: "a chunk size with its extensions is over the limit"
        case .badChunkEnd: "a chunk's data is not followed by CRLF"
        case .chunkFramingTooLarge: "the framing of the chunked body is over the limit"
        case .forbiddenTrailer: "a trailer names a field that frames or routes the message"
        }
    }
}
