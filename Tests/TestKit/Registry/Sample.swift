package import Notation
package import Registry
package import SoftToken

/// A small world: the pair A and B, C elsewhere, the unregistered U; license 1 is new, 2 belongs to A with B in its
/// cluster, 3 to B alone.
package struct Sample: Sendable {
    /// A, the first of the pair.
    package let a: Serial
    /// B, the other one.
    package let b: Serial
    /// C, elsewhere.
    package let c: Serial
    /// U, which is not registered.
    package let u: Serial
    /// One that the registry does not know.
    package let unknown: Serial
    /// License 1, whose code nobody redeemed.
    package let new: License
    /// License 2.
    package let pair: License
    /// License 3.
    package let peer: License
    /// The registry.
    package var registry = MemoryRegistry()
    /// What the rules are told.
    package var context = RuleContext(now: 1_800_000_000, choices: RuleChoices(), chance: Chance(seed: 1))

    /// The world as it begins.
    package init() throws {
        a = try serial("FG-A")
        b = try serial("FG-B")
        c = try serial("FG-C")
        u = try serial("FG-U")
        unknown = try serial("FG-X")
        let validUntil = try day("2099-12-31")
        new = License(
            number: try number("EFTM000000000001"),
            code: try code("1111-1111-1111-1111-1111"),
            size: 3,
            validUntil: validUntil
        )
        var pair = License(
            number: try number("EFTM000000000002"),
            code: try code("2222-2222-2222-2222-2222"),
            size: 2,
            validUntil: validUntil,
            owner: a
        )
        pair.cluster.append(b)
        self.pair = pair
        peer = License(
            number: try number("EFTM000000000003"),
            code: try code("3333-3333-3333-3333-3333"),
            size: 1,
            validUntil: validUntil,
            owner: b
        )
        for device in [a, b, c] {
            registry.devices[device] = Device(serial: device, isRegistered: true)
        }
        registry.devices[u] = Device(serial: u, isRegistered: false)
        var next: UInt64 = 0xA0
        for license in [new, pair, peer] {
            registry.licenses[license.number] = license
            for _ in 0..<license.size {
                let serial = TokenSerial(number: next)
                registry.tokens[serial] = Token(serial: serial, license: license.number)
                next += 1
            }
        }
    }

    /// The serials of a license's tokens.
    package func tokens(_ license: License) -> [TokenSerial] { registry.tokenSerials(of: license.number) }

    /// What a unit says of itself, and lists.
    package func header(_ unit: Serial, _ cluster: [Serial]? = nil) -> RequestHeader {
        RequestHeader(
            sender: Sender(version: "4", deviceVersion: "7.0", deviceBuild: "1"),
            serial: unit,
            cluster: cluster ?? [unit]
        )
    }

    /// Redeems a code and makes the changes.
    package mutating func activate(
        _ code: RedemptionCode?,
        by unit: Serial,
        with cluster: [Serial]? = nil
    ) throws -> Ruling<ActivationOutcome> {
        guard let code else { throw NoSuchValue(text: "no code") }
        let request = ActivationLicenseRequest(header: header(unit, cluster), code: code)
        let ruling = Rules(registry, context).activate(request)
        registry.make(ruling.changes)
        return ruling
    }

    /// Provisions tokens and makes the changes.
    package mutating func provision(
        _ entries: [ProvisionRequest.Entry],
        by unit: Serial,
        with cluster: [Serial]? = nil
    ) -> Ruling<ProvisionOutcome> {
        let request = ProvisionRequest(header: header(unit, cluster), tokens: entries)
        let ruling = Rules(registry, context).provision(request)
        registry.make(ruling.changes)
        return ruling
    }

    /// What a poll comes to.
    package func poll(_ tokens: [TokenSerial], by unit: Serial, with cluster: [Serial]? = nil) -> Ruling<PollingOutcome>
    {
        let request = PollingRequest(header: header(unit, cluster), tokens: tokens.map { .token($0) })
        return Rules(registry, context).poll(request)
    }

    /// Claims a code for a phone and makes the changes.
    package mutating func claim(
        _ claim: UInt64?,
        phone: String,
        registrationID: String? = nil,
        osVersion: String? = nil
    ) -> Ruling<MobileOutcome> {
        let request = MobileProvisionRequest(
            mobileID: phone,
            claim: claim,
            registrationID: registrationID,
            osVersion: osVersion
        )
        let ruling = Rules(registry, context).claim(request)
        registry.make(ruling.changes)
        return ruling
    }

    /// What an operation comes to; nothing is changed.
    package func ruling(_ operation: RegistryOperation) -> Ruling<OperationOutcome> {
        Rules(registry, context).perform(operation)
    }

    /// Does what an operator asks, and makes the changes.
    package mutating func perform(_ operation: RegistryOperation) -> OperationOutcome {
        let ruling = ruling(operation)
        registry.make(ruling.changes)
        return ruling.outcome
    }

    /// An order for a token, with a seed of one digit.
    package func order(_ token: TokenSerial, seed digit: Character = "A", minutes: Int = 60) throws
        -> ProvisionRequest.Entry
    {
        .order(
            ProvisionOrder(token: token, seed: try seed(digit), codeExpire: minutes, parameters: .published)
        )
    }
}

extension ProvisionOutcome {
    /// The codes that were given, in order.
    package var codes: [ActivationCode] {
        tokens.compactMap { if case .provisioned(_, _, let code, _) = $0 { code } else { nil } }
    }

    /// Why each entry was refused; nil for one that was not.
    package var refusals: [ServiceError?] {
        tokens.map { if case .refused(_, let reason, _) = $0 { reason } else { nil } }
    }

    /// Which member of each entry is at fault; nil for an entry without such a fault.
    package var faults: [TokenField?] {
        tokens.map { if case .refused(_, _, let field) = $0 { field } else { nil } }
    }
}

extension PollingOutcome {
    /// How each token stands; nil for one that was refused.
    package var states: [TokenState?] {
        tokens.map { if case .found(let token) = $0 { token.state } else { nil } }
    }
}

/// A malformed value in a test's own text.
package struct NoSuchValue: Error {
    /// The text.
    package let text: String

    /// Names the text.
    package init(text: String) {
        self.text = text
    }
}

/// A serial that is one.
package func serial(_ text: String) throws -> Serial {
    guard let serial = Serial(text) else { throw NoSuchValue(text: text) }
    return serial
}

/// A license's number that is one.
package func number(_ text: String) throws -> LicenseNumber {
    guard let number = LicenseNumber(text) else { throw NoSuchValue(text: text) }
    return number
}

/// A token's serial that is one.
package func token(_ text: String) throws -> TokenSerial {
    guard let token = TokenSerial(text) else { throw NoSuchValue(text: text) }
    return token
}

/// A redemption code that is one.
package func code(_ text: String) throws -> RedemptionCode {
    guard let code = RedemptionCode(text) else { throw NoSuchValue(text: text) }
    return code
}

/// A day that is one.
package func day(_ text: String) throws -> CalendarDay {
    guard let day = CalendarDay(text) else { throw NoSuchValue(text: text) }
    return day
}

/// A seed of forty times this digit.
package func seed(_ digit: Character = "A") throws -> Seed {
    let text = String(repeating: digit, count: 40)
    guard let seed = Seed(text) else { throw NoSuchValue(text: text) }
    return seed
}
