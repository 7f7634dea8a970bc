import Notation

/// Reads an appliance's request that is written as appliances write them, by comparing words.
///
/// Nearly every request is such a one: compact or with single spaces, `__type` first, each other member at most once
/// and of the type's own, no escape and nothing beyond ASCII, nothing wrong. So there is no key to be noted, looked up
/// and held against those before, and nothing is kept but the request itself. Of anything else it makes nil, and says
/// nothing of why: ``RequestDecoder`` reads that again by ``JSONReader``, and has both make the same of what both can
/// read.
struct PlainRequestReader {
    private var position = 0
    private var seen: RequestFields = []
    private(set) var code: RedemptionCode?

    /// The type of the request that all of `bytes` is, which is then in the reader and in `lists`; nil where they have
    /// to be read with more care.
    mutating func read(
        _ bytes: Span<UInt8>,
        into header: inout RequestHeader,
        keeping lists: inout RequestLists
    ) -> RequestType? {
        guard skips("{", in: bytes), skips(ShortLiteral(#""d":"#), in: bytes), skips("{", in: bytes),
            skips(ShortLiteral(#""__type""#, ":"), in: bytes), let type = type(in: bytes)
        else { return nil }
        while skips(",", in: bytes) {
            guard let field = field(in: bytes), seen.note(field),
                reads(field, of: type, in: bytes, into: &header, keeping: &lists)
            else { return nil }
        }
        let isWhole = RequestFields.required(by: type).subtracting(seen).isEmpty
        return isWhole && skips("}", in: bytes) && skips("}", in: bytes) && position == bytes.count ? type : nil
    }

    // MARK: - Members

    /// Reads the value of `__type`.
    @inline(__always)
    private mutating func type(in bytes: Span<UInt8>) -> RequestType? {
        guard skips(ShortLiteral(#""SoftTok"#, "en."), in: bytes) else { return nil }
        if continues(ShortLiteral("PollingR", #"equest""#), in: bytes) { return .polling }
        if continues(ShortLiteral("Provisio", "nRequest", #"""#), in: bytes) { return .provision }
        let isActivation = continues(ShortLiteral("Activati", "onLicens", "eRequest"), in: bytes)
        return isActivation && continues(ShortLiteral(#"""#), in: bytes) ? .activation : nil
    }

    /// Reads a member's name, behind which a message's end is at least 24 bytes from the name's begin.
    @inline(__always)
    private mutating func field(in bytes: Span<UInt8>) -> RequestField? {
        let start = start(in: bytes)
        guard start <= bytes.count - 24 else { return nil }
        let words = (EightBytes(bytes, at: start), EightBytes(bytes, at: start + 8), EightBytes(bytes, at: start + 16))
        @inline(__always)
        func skips(_ name: ShortLiteral) -> Bool {
            guard name.begins(words) else { return false }
            position = start + name.count
            return true
        }
        // In the order of a poll; other messages have another.
        if skips(ShortLiteral(#""__versi"#, #"on":"#)) { return .version }
        if skips(ShortLiteral(#""serial_"#, #"number":"#)) { return .serialNumber }
        if skips(ShortLiteral(#""__devic"#, "e_versio", #"n":"#)) { return .deviceVersion }
        if skips(ShortLiteral(#""__devic"#, #"e_build""#, ":")) { return .deviceBuild }
        if skips(ShortLiteral(#""__clust"#, "ered_sns", #"":"#)) { return .cluster }
        if skips(ShortLiteral(#""tokens""#, ":")) { return .tokens }
        let isCode = skips(ShortLiteral(#""license"#, "_activat", "ion_code"))
        return isCode && continues(ShortLiteral(#"":"#), in: bytes) ? .redemptionCode : nil
    }

    /// Reads a member's value, and returns whether it is well-formed.
    @inline(__always)
    private mutating func reads(
        _ field: RequestField,
        of type: RequestType,
        in bytes: Span<UInt8>,
        into header: inout RequestHeader,
        keeping lists: inout RequestLists
    ) -> Bool {
        switch (field, type) {
        case (.version, _): return reads(&header.sender.version, in: bytes)
        case (.deviceVersion, _): return reads(&header.sender.deviceVersion, in: bytes)
        case (.deviceBuild, _): return reads(&header.sender.deviceBuild, in: bytes)
        case (.serialNumber, _):
            guard let serial = serial(in: bytes) else { return false }
            header.serial = serial
            return true
        case (.cluster, _):
            guard reads(&lists.cluster, in: bytes, { $0.peer(in: bytes) }) else { return false }
            header.cluster = lists.cluster
            return header.cluster.count <= MessageLimits.peers
        case (.redemptionCode, .activation):
            code = text(in: bytes).flatMap { RedemptionCode(bytes.extracting($0)) }
            return code != nil
        // There is room for as many tokens as fit in a body (``MessageLimits/tokens``), well-formed as these are.
        case (.tokens, .polling): return reads(&lists.polls, in: bytes) { $0.token(in: bytes).map { .token($0) } }
        case (.tokens, .provision): return reads(&lists.orders, in: bytes) { $0.order(in: bytes).map { .order($0) } }
        default: return false
        }
    }

    /// Reads a list over the one before, and returns whether each of its entries is well-formed.
    @inline(__always)
    private mutating func reads<Entry>(
        _ entries: inout [Entry],
        in bytes: Span<UInt8>,
        _ entry: (inout PlainRequestReader) -> Entry?
    ) -> Bool {
        guard skips("[", in: bytes) else { return false }
        var count = 0
        if !skips("]", in: bytes) {
            repeat {
                guard skips("{", in: bytes), let read = entry(&self), skips("}", in: bytes) else { return false }
                entries.put(read, at: count)
                count += 1
            } while skips(",", in: bytes)
            guard skips("]", in: bytes) else { return false }
        }
        entries.end(at: count)
        return true
    }

    /// Reads a member of the cluster.
    @inline(__always)
    private mutating func peer(in bytes: Span<UInt8>) -> Serial? {
        skips(ShortLiteral(#""sn":"#), in: bytes) ? serial(in: bytes) : nil
    }

    /// Reads a token's serial behind its name.
    @inline(__always)
    private mutating func token(in bytes: Span<UInt8>) -> TokenSerial? {
        guard skips(ShortLiteral(#""token":"#), in: bytes) else { return nil }
        return sixteen(in: bytes).flatMap { TokenSerial(bytes.extracting($0)) }
    }

    /// Reads an order with all of its members in the published order.
    private mutating func order(in bytes: Span<UInt8>) -> ProvisionOrder? {
        guard let token = token(in: bytes),
            skips(",", in: bytes), skips(ShortLiteral(#""seed":"#), in: bytes), let text = text(in: bytes),
            let seed = Seed(bytes.extracting(text)),
            skips(",", in: bytes), skips(ShortLiteral(#""code_ex"#, #"pire":"#), in: bytes),
            let minutes = number(in: bytes), ProvisionOrder.codeExpireRange.contains(minutes),
            skips(",", in: bytes), skips(ShortLiteral(#""type":"#), in: bytes),
            skips(ShortLiteral(#""totp""#), in: bytes),
            skips(",", in: bytes), skips(ShortLiteral(#""period""#), in: bytes), skips(":", in: bytes),
            let period = number(in: bytes),
            skips(",", in: bytes), skips(ShortLiteral(#""digits""#), in: bytes), skips(":", in: bytes),
            let digits = number(in: bytes),
            let parameters = TokenParameters(kind: .totp, period: period, digits: digits)
        else { return nil }
        return ProvisionOrder(token: token, seed: seed, codeExpire: minutes, parameters: parameters)
    }

    // MARK: - Values

    /// Reads a version, and returns whether it is one.
    private mutating func reads(_ version: inout VersionText?, in bytes: Span<UInt8>) -> Bool {
        let start = start(in: bytes) + 1
        if start <= bytes.count - 8, bytes[start - 1] == 0x22 {
            let word = EightBytes(bytes, at: start)
            let count = word.stringCount
            if count < 8, word[count] == 0x22 {
                position = start + count + 1
                version = VersionText(word.prefix(count), count: count)
                return true
            }
        }
        version = text(in: bytes).flatMap { VersionText(bytes.extracting($0)) }
        return version != nil
    }

    @inline(__always)
    private mutating func serial(in bytes: Span<UInt8>) -> Serial? {
        if let serial = sixteen(in: bytes) { return Serial(bytes.extracting(serial)) }
        return text(in: bytes).flatMap { Serial(bytes.extracting($0)) }
    }

    /// Reads a string whose sixteenth byte is its last if none of them is a quote or a backslash, which its reader sees
    /// to.
    @inline(__always)
    private mutating func sixteen(in bytes: Span<UInt8>) -> Range<Int>? {
        let start = start(in: bytes) + 1
        guard start + 16 < bytes.count, bytes[start - 1] == 0x22, bytes[start + 16] == 0x22 else { return nil }
        position = start + 17
        return start..<start + 16
    }

    /// Reads a string, and returns where its text is.
    @inline(__always)
    private mutating func text(in bytes: Span<UInt8>) -> Range<Int>? {
        guard skips("\"", in: bytes) else { return nil }
        let start = position
        var index = start
        while index <= bytes.count - 8 {
            let count = EightBytes(bytes, at: index).stringCount
            index += count
            guard count == 8 else { break }
        }
        guard index < bytes.count, bytes[index] == 0x22 else { return nil }
        position = index + 1
        return start..<index
    }

    /// Reads digits, as many as any number of a message has; what follows more of them is no end of a member.
    private mutating func number(in bytes: Span<UInt8>) -> Int? {
        let start = start(in: bytes)
        var index = start
        var value = 0
        while index < min(start + 6, bytes.count), (0x30...0x39).contains(bytes[index]) {
            value = 10 * value + Int(bytes[index] - 0x30)
            index += 1
        }
        guard index > start, bytes[start] != 0x30 else { return nil }
        position = index
        return value
    }

    // MARK: - Places

    /// Where the next byte is that is no space, if one space at most is before it.
    @inline(__always)
    private func start(in bytes: Span<UInt8>) -> Int {
        position < bytes.count && bytes[position] == 0x20 ? position + 1 : position
    }

    /// Reads this character, or stays before another.
    @inline(__always)
    private mutating func skips(_ character: Unicode.Scalar, in bytes: Span<UInt8>) -> Bool {
        let start = start(in: bytes)
        guard start < bytes.count, bytes[start] == UInt8(ascii: character) else { return false }
        position = start + 1
        return true
    }

    /// Reads this text, or stays before another.
    @inline(__always)
    private mutating func skips(_ key: ShortLiteral, in bytes: Span<UInt8>) -> Bool {
        let start = start(in: bytes)
        guard key.stands(at: start, in: bytes) else { return false }
        position = start + key.count
        return true
    }

    /// The same with no space before it.
    @inline(__always)
    private mutating func continues(_ key: ShortLiteral, in bytes: Span<UInt8>) -> Bool {
        guard key.stands(at: position, in: bytes) else { return false }
        position += key.count
        return true
    }
}

/// The lists of the request that was read last, for the memory that they have: the next one is read into them, unless
/// somebody keeps that request.
package struct RequestLists {
    fileprivate(set) var cluster: [Serial] = []
    fileprivate(set) var polls: [PollingRequest.Entry] = []
    fileprivate(set) var orders: [ProvisionRequest.Entry] = []

    /// Lists of no request yet.
    package init() {}
}

/// A stretch of a message that is known beforehand, such as a member's name with its quotes and its colon, in three
/// words.
struct ShortLiteral {
    /// How many bytes it has, at most 24.
    let count: Int
    // The bytes, and zeros behind them.
    private let first: EightBytes
    private let second: EightBytes
    private let third: EightBytes

    /// Joins literals of eight bytes, the last of which may be shorter.
    ///
    /// Inlined, so that the optimizer makes numbers of them.
    @inline(__always)
    init(_ first: EightBytes, _ second: EightBytes = "", _ third: EightBytes = "") {
        (self.first, self.second, self.third) = (first, second, third)
        count = first.textCount + second.textCount + third.textCount
    }

    /// Whether these words begin with it; it has eight bytes or more.
    @inline(__always)
    func begins(_ words: (EightBytes, EightBytes, EightBytes)) -> Bool {
        words.0 == first && second.begins(words.1, count: count - 8)
            && (count <= 16 || third.begins(words.2, count: count - 16))
    }

    /// Whether it begins at `start`, with room for all of its last word.
    @inline(__always)
    func stands(at start: Int, in bytes: Span<UInt8>) -> Bool {
        let room = count <= 8 ? 8 : count <= 16 ? 16 : 24
        guard start <= bytes.count - room, first.begins(EightBytes(bytes, at: start), count: count) else {
            return false
        }
        guard count > 8 else { return true }
        guard second.begins(EightBytes(bytes, at: start + 8), count: count - 8) else { return false }
        return count <= 16 || third.begins(EightBytes(bytes, at: start + 16), count: count - 16)
    }
}
