/// The fields that have one value at most and that no rule of their own counts (RFC 9110 section 5.3): of two, one reader
/// would go by the first and another by the last.
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
