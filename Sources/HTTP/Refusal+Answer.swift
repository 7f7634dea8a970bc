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
        default: bodyReason
        }
    }

    private var bodyReason: String {
        switch self {
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
        default: rawValue
        }
    }
}
