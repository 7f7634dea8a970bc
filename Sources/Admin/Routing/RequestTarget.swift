/// A request's path and query, taken apart and decoded (RFC 3986 section 3).
struct RequestTarget: Sendable, Equatable {
    /// The path's segments, decoded; `/a/b` has two.
    var segments: [String]
    /// The query's names and values, decoded, in their order; a name without `=` has an empty value.
    var query: [(name: String, value: String)]

    static func == (left: RequestTarget, right: RequestTarget) -> Bool {
        left.segments == right.segments && left.query.map(\.name) == right.query.map(\.name)
            && left.query.map(\.value) == right.query.map(\.value)
    }

    /// Takes both apart, or returns nil where a percent sign is not followed by two digits or what comes out is no UTF-8.
    init?(path: [UInt8], query: [UInt8]?) {
        segments = []
        for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = Self.decode(part, plusIsBlank: false) else { return nil }
            segments.append(segment)
        }
        self.query = []
        for part in (query ?? []).split(separator: UInt8(ascii: "&")) {
            let pieces = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pieces[0], plusIsBlank: true),
                let value = Self.decode(pieces.count > 1 ? pieces[1] : [], plusIsBlank: true)
            else { return nil }
            self.query.append((name, value))
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, plusIsBlank: Bool) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: decoded.append(UInt8(ascii: " "))
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
