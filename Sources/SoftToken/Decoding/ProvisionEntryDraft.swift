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
        case .type: kind = try reader.readStringIfAny(in: bytes)?.map(in: bytes) { Self.kind($0) }
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

    private static func kind(_ name: Span<UInt8>) -> TokenParameters.Kind? {
        name.equals("totp") ? .totp : name.equals("hotp") ? .hotp : nil
    }
}

extension JSONReader {
    /// Reads a number, or skips a value of another kind; nil unless it is an integer in plain notation that fits.
    mutating func readIntegerIfAny(in bytes: Span<UInt8>) throws(JSONError) -> Int? {
        guard try peek(in: bytes) == .number else {
            try skipValue(in: bytes)
            return nil
        }
        return try readNumber(in: bytes).integer(in: bytes)
    }
}
