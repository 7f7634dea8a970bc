import HTTP

extension Method {
    /// The method's token as a record has it, whatever it is, or the beginning of it; `bytes` are the request's.
    func text(in bytes: Span<UInt8>) -> String {
        guard case .other(let range) = self else { return token ?? "" }
        return String(decoding: range.prefix(Self.longestToken).map { bytes[$0] }, as: UTF8.self)
    }

    private static var longestToken: Int { 32 }
}
