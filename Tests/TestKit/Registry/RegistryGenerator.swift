import Notation
package import Registry
import SoftToken

/// Makes valid registries from a seeded generator.
package enum RegistryGenerator {
    private static let texts = [
        "FortiGate-60F", "null", "a: b # c", "{}", "'", "\"\\", "tab\tnewline\nnul\0", "é😀\u{2028}\u{85}", "*a", "a &b",
        "-", "true", "5.4.2_IOS", "4.7.1.0100_AND", " ", "a\u{FEFF}", "\r",
    ]

    /// The next one, as its document.
    package static func document(_ random: inout SeededRandom) throws -> RegistryDocument {
        var registry = MemoryRegistry()
        var units: [Serial] = []
        for index in 0..<Int.random(in: 1...6, using: &random) {
            let unit = try serial(["-", "NULL", "1E5", "0X1F", "FG-1", "TRUE"][index])
            units.append(unit)
            registry.devices[unit] = Device(
                serial: unit,
                isRegistered: Bool.random(using: &random),
                model: Bool.random(using: &random) ? texts.randomElement(using: &random) : nil
            )
        }
        for index in 0..<Int.random(in: 0...5, using: &random) {
            let license = try license(index, units, &random)
            registry.licenses[license.number] = license
            for _ in 0..<license.size {
                let token = try token(of: license, &random)
                registry.tokens[token.serial] = token
            }
        }
        return registry.document
    }

    private static func license(
        _ index: Int,
        _ units: [Serial],
        _ random: inout SeededRandom
    ) throws -> License {
        var license: License
        if index < units.count, Int.random(in: 0..<3, using: &random) == 0 {
            license = License(number: LicenseNumber(trial: UInt32(index)), size: 2, owner: units[index])
            license.isStale = Bool.random(using: &random)
        } else {
            license = License(
                number: try number("EFTM00000000000\(index)"),
                code: RedemptionCode(high: random.next(), low: UInt16(index)),
                size: Int.random(in: 1...4, using: &random),
                validUntil: CalendarDay(daysSinceEpoch: Int.random(in: -719_528...2_932_896, using: &random)),
                owner: Bool.random(using: &random) ? units.randomElement(using: &random) : nil
            )
            license.isRevoked = Bool.random(using: &random)
            license.isTransferable = Bool.random(using: &random)
        }
        guard let owner = license.owner else { return license }
        license.cluster = units.filter { $0 == owner || Bool.random(using: &random) }.shuffled(using: &random)
        if Bool.random(using: &random) {
            license.activatedAt = Int64.random(in: -9_999...9_999_999_999, using: &random)
        }
        if let former = units.first(where: { $0 != owner }), Bool.random(using: &random) {
            license.grace = License.Grace(unit: former, until: Int64.random(in: 0...9_999_999_999, using: &random))
        }
        return license
    }

    private static func token(of license: License, _ random: inout SeededRandom) throws -> Token {
        var token = Token(serial: TokenSerial(number: random.next()), license: license.number)
        token.isLocked = Int.random(in: 0..<4, using: &random) == 0
        guard Bool.random(using: &random) else { return token }
        let parameters = TokenParameters(
            kind: Bool.random(using: &random) ? .totp : .hotp,
            period: Bool.random(using: &random) ? 30 : 60,
            digits: Bool.random(using: &random) ? 6 : 8
        )
        token.provisioning = Token.Provisioning(
            seed: try seed("0123456789ABCDEF".randomElement(using: &random) ?? "0"),
            parameters: parameters ?? .published,
            code: ActivationCode(claim: random.next(), parameters: parameters ?? .published),
            codeExpires: Int64.random(in: 0...4_000_000_000, using: &random)
        )
        if Int.random(in: 0..<3, using: &random) == 0 {
            token.provisioning?.lapses = Int64.random(in: 0...4_000_000_000, using: &random)
        }
        if Bool.random(using: &random), let mobileID = texts.randomElement(using: &random) {
            token.provisioning?.phone = Token.Phone(
                mobileID: mobileID,
                registrationID: Bool.random(using: &random) ? texts.randomElement(using: &random) : nil,
                osVersion: Bool.random(using: &random)
                    ? String((texts.randomElement(using: &random) ?? "").prefix(3)) : nil
            )
        }
        return token
    }
}

/// Makes operations on what a sample's registry holds, a few of them on what it does not.
package enum OperationGenerator {
    /// The next operation.
    package static func operation(on sample: Sample, _ random: inout SeededRandom) throws -> RegistryOperation {
        let units = [sample.a, sample.b, sample.c, sample.u, sample.unknown]
        func unit() -> Serial { units.randomElement(using: &random) ?? sample.a }
        let license = sample.registry.licenses.keys.sorted().randomElement(using: &random) ?? sample.new.number
        let token = sample.registry.tokens.keys.sorted().randomElement(using: &random) ?? TokenSerial(number: 0)
        switch Int.random(in: 0..<18, using: &random) {
        case 0: return .addDevice(Device(serial: unit(), isRegistered: true))
        case 1:
            let patch = DevicePatch(isRegistered: Bool.random(using: &random), model: .set("FortiGate-60F"))
            return .changeDevice(unit(), patch)
        case 2: return .removeDevice(unit())
        case 3: return .replaceDevice(unit(), with: unit())
        case 4: return .issueLicense(LicenseDraft(size: Int.random(in: 0...3, using: &random)))
        case 5: return .issueLicense(LicenseDraft(size: 1, number: license, tokens: [token]))
        case 6:
            let patch = LicensePatch(
                isRevoked: Bool.random(using: &random),
                isTransferable: Bool.random(using: &random) ? nil : Bool.random(using: &random)
            )
            return .changeLicense(license, patch)
        case 7: return .removeLicense(license)
        case 8...11:
            let grace = Bool.random(using: &random) ? 0 : Int64.random(in: 1...3_000, using: &random)
            return .transferLicense(license, to: unit(), graceSeconds: grace)
        case 12: return .resetTrial(license)
        case 13: return .lock(token)
        case 14: return .unlock(token)
        case 15: return .release(token)
        default: return .expire(token)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a random run that its seed repeats.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator for a run that `seed` names.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= Mixing.increment
        return Mixing.scramble(state)
    }

    /// A whole number of the range.
    package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True with this chance.
    package mutating func isTrue(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &self) < chance }

    /// So many bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
