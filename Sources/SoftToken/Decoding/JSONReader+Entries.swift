/// The entries of a request's arrays, and the values that every reading of a field shares.
extension JSONReader {
    /// Reads a `null` and returns true, or leaves another value and returns false.
    ///
    /// [our choice: null-is-absent] A member that is null counts as absent, as it does to the deserializer behind the
    /// real service's kind of endpoint.
    mutating func skipsAbsent(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard try nextByte(in: bytes) == 0x6E else { return false }
        try readNull(in: bytes)
        return true
    }

    /// Reads a string, or skips a value of another kind and returns nil.
    mutating func readStringIfAny(in bytes: Span<UInt8>) throws(JSONError) -> JSONString? {
        guard try nextByte(in: bytes) == 0x22 else {
            try skipValue(in: bytes)
            return nil
        }
        return try readString(in: bytes)
    }

    /// Reads one text of an object and passes over its other members; nil where there is no such text, or no object.
    mutating func readText(of name: String, in bytes: Span<UInt8>) throws(JSONError) -> JSONString? {
        var text: JSONString?
        _ = try readMembers(in: bytes) { (reader, key) throws(JSONError) in
            guard key.equals(name, in: bytes) else { return try reader.skipValue(in: bytes) }
            text = try reader.readStringIfAny(in: bytes)
        }
        return text
    }

    /// Reads one entry of a poll's `tokens`.
    mutating func readPollingEntry(in bytes: Span<UInt8>) throws(JSONError) -> PollingRequest.Entry {
        let token = try readText(of: "token", in: bytes)
        guard let serial = token?.map(in: bytes, { TokenSerial($0) }) else {
            return .malformed(token: token?.text(of: 0...MessageLimits.echo, in: bytes))
        }
        return .token(serial)
    }

    /// Reads one entry of a provision's `tokens`.
    mutating func readProvisionEntry(in bytes: Span<UInt8>) throws(JSONError) -> ProvisionRequest.Entry {
        var draft = ProvisionEntryDraft()
        let isObject = try readMembers(in: bytes) { (reader, key) throws(JSONError) in
            guard let field = key.map(in: bytes, { TokenField($0) }) else { return try reader.skipValue(in: bytes) }
            try draft.read(field, from: &reader, in: bytes)
        }
        return isObject ? draft.entry(in: bytes) : .malformed(token: nil)
    }

    /// Has `read` take the value of each member of an object, or skips a value of another kind and returns false.
    mutating func readMembers(
        in bytes: Span<UInt8>,
        _ read: (inout JSONReader, JSONString) throws(JSONError) -> Void
    ) throws(JSONError) -> Bool {
        guard try nextByte(in: bytes) == 0x7B else {
            try skipValue(in: bytes)
            return false
        }
        var object = try beginObject(in: bytes)
        while let key = try nextKey(of: &object, in: bytes) { try read(&self, key) }
        return true
    }

    /// Has `read` take each element of an array, or skips a value of another kind and returns false.
    mutating func readElements(
        in bytes: Span<UInt8>,
        _ read: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) -> Bool {
        guard try nextByte(in: bytes) == 0x5B else {
            try skipValue(in: bytes)
            return false
        }
        var array = try beginArray(in: bytes)
        while try nextElement(of: &array, in: bytes) { try read(&self) }
        return true
    }

    /// Reads a number, or skips a value of another kind; nil unless it is an integer in plain notation that fits.
    mutating func readIntegerIfAny(in bytes: Span<UInt8>) throws(JSONError) -> Int? {
        guard try peek(in: bytes) == .number else {
            try skipValue(in: bytes)
            return nil
        }
        return try readNumber(in: bytes).integer(in: bytes)
    }
}

extension JSONString {
    /// The text, or nil where it has fewer or more bytes of UTF-8 than `bounds` has room for.
    func text(of bounds: ClosedRange<Int>, in bytes: Span<UInt8>) -> String? {
        guard hasEscapes else { return bounds.contains(range.count) ? text(in: bytes) : nil }
        let plain = unescaped(in: bytes)
        return bounds.contains(plain.count) ? String(decoding: plain, as: UTF8.self) : nil
    }
}

/// One entry of a provision's `tokens` while it is read.
struct ProvisionEntryDraft {
    /// What an entry that names no type, period or digits means.
    ///
    /// [our choice: token-parameter-defaults] Those of the one published request.
    private static let defaults = TokenParameters.published

    private var token: JSONString?
    private var seed: Seed?
    private var codeExpire: Int?
    // Nil in any of the three marks a wrong value.
    private var kind: TokenParameters.Kind? = defaults.kind
    private var period: Int? = defaults.period
    private var digits: Int? = defaults.digits

    /// Reads the value of `field`; one of the wrong type leaves nil, which ``entry(in:)`` refuses.
    mutating func read(_ field: TokenField, from reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) {
        if try reader.skipsAbsent(in: bytes) { return }
        switch field {
        case .token: token = try reader.readStringIfAny(in: bytes)
        case .seed: seed = try reader.readStringIfAny(in: bytes)?.map(in: bytes) { Seed($0) }
        case .codeExpire: codeExpire = try reader.readIntegerIfAny(in: bytes)
        case .type: kind = try reader.readStringIfAny(in: bytes)?.map(in: bytes) { TokenParameters.Kind($0) }
        case .period: period = try reader.readIntegerIfAny(in: bytes)
        case .digits: digits = try reader.readIntegerIfAny(in: bytes)
        }
    }

    /// The order, or what is left of it where a member is missing or wrong.
    func entry(in bytes: Span<UInt8>) -> ProvisionRequest.Entry {
        do throws(TokenField) {
            return .order(try order(token?.map(in: bytes) { TokenSerial($0) }))
        } catch {
            return .malformed(token: token?.text(of: 0...MessageLimits.echo, in: bytes), error)
        }
    }

    /// The order for this token; throws the first member that is missing or wrong.
    private func order(_ serial: TokenSerial?) throws(TokenField) -> ProvisionOrder {
        guard let serial else { throw .token }
        guard let seed else { throw .seed }
        guard let codeExpire, ProvisionOrder.codeExpireRange.contains(codeExpire) else { throw .codeExpire }
        guard let kind else { throw .type }
        guard let period, TokenParameters.isPeriod(period) else { throw .period }
        guard let digits, let parameters = TokenParameters(kind: kind, period: period, digits: digits) else {
            throw .digits
        }
        return ProvisionOrder(token: serial, seed: seed, codeExpire: codeExpire, parameters: parameters)
    }
}
