import Faults
import IO
import SoftToken

/// Which connections, or which exchanges, a reader of the journal wants: every condition given must hold.
///
/// One of ``exchangeKeys`` makes it select exchanges; otherwise it selects connections.
package struct JournalFilter: Sendable {
    /// What can be asked for, in the order in which near misses name it.
    package enum Key: String, Sendable, CaseIterable {
        /// The peer's address, or a block of addresses.
        case client
        /// The server name of the ClientHello; `*.` at its beginning stands for any labels.
        case sni
        /// The listener's name.
        case listener
        /// The stage that the connection reached.
        case stage
        /// The alert's name.
        case alert
        /// The ClientHello's fingerprint.
        case ja4
        /// A fault rule that acted: of an exchange on it or on its connection before it, of a connection at any time.
        case rule
        /// The requesting unit; a `*` at its end makes it a prefix.
        case serial
        /// The license's number.
        case license
        /// A token's serial.
        case token
        /// The message's type.
        case type
        /// The service's code, at the top or of a token (of the named one, where `token` is given); `none` for an answer (200) of the service without any.
        case code
        /// How the connection ended; `open` where it did not.
        case outcome
        /// The verdict on the client; refused until verdicts exist, since a filter that matches nothing proves nothing.
        case verdict
        /// From this moment by the host's clock on, or behind the entry of this number.
        case since
        /// To this moment, or up to the entry of this number.
        case until

        /// Whether records have any of it.
        package var canBeAsked: Bool { self != .verdict }
    }

    /// The keys that an exchange has and a connection has not.
    package static let exchangeKeys: Set<Key> = [.serial, .license, .token, .type, .code]

    private static let serialForm = "up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001 or FGT60F*"

    enum Bound: Sendable, Equatable {
        case entry(UInt64)
        case time(Int64)
    }

    enum Test: Sendable {
        case client(AddressBlock)
        case name(String)
        case nameSuffix(String)
        case text(String)
        case serialPrefix(String)
        case serial(Serial)
        case license(LicenseNumber)
        case token(TokenSerial)
        case code(Int?)
        case rule(String)
        case bound(Bound)
    }

    struct Condition: Sendable {
        let key: Key
        let wanted: String
        let test: Test
    }

    private(set) var conditions: [Condition] = []

    /// Everything.
    package init() {}

    /// Reads pairs of a key and its value; throws what names the one that is wrong.
    package init(_ pairs: some Sequence<(key: String, value: String)>) throws(JournalFilterError) {
        for (name, value) in pairs {
            guard let key = Key(rawValue: name) else {
                throw JournalFilterError(
                    key: name,
                    reason:
                        "no filter has this name; there are \(Key.allCases.filter(\.canBeAsked).map(\.rawValue).joined(separator: ", "))"
                )
            }
            guard !conditions.contains(where: { $0.key == key }) else {
                throw JournalFilterError(key: name, reason: "is given twice")
            }
            switch Self.test(key, value) {
            case .success(let test): conditions.append(Condition(key: key, wanted: value, test: test))
            case .failure(let wrong):
                throw JournalFilterError(key: name, reason: "\"\(value.prefix(48))\" \(wrong.reason)")
            }
        }
        conditions.sort { Self.rank($0.key) < Self.rank($1.key) }
    }

    /// Whether it selects exchanges, and not connections.
    package var selectsExchanges: Bool { conditions.contains { Self.exchangeKeys.contains($0.key) } }

    /// The fault rule that it names.
    package var rule: String? {
        for case .rule(let name) in conditions.map(\.test) { return name }
        return nil
    }

    /// The moments or entries that it is bounded by.
    var bounds: [(key: Key, bound: Bound)] {
        conditions.compactMap { if case .bound(let bound) = $0.test { ($0.key, bound) } else { nil } }
    }

    /// Whether the noted tokens must be looked at.
    var readsTokens: Bool { conditions.contains { $0.key == .token || $0.key == .code } }

    /// The token that it names.
    var token: TokenSerial? {
        for case .token(let token) in conditions.map(\.test) { return token }
        return nil
    }

    private static func rank(_ key: Key) -> Int { Key.allCases.firstIndex(of: key) ?? 0 }

    private struct Wrong: Error {
        let reason: String
    }

    private static func test(_ key: Key, _ value: String) -> Result<Test, Wrong> {
        func parsed(_ test: Test?, _ reason: String) -> Result<Test, Wrong> {
            test.map { .success($0) } ?? .failure(Wrong(reason: reason))
        }
        guard !value.isEmpty else { return .failure(Wrong(reason: "is empty")) }
        switch key {
        case .client:
            return parsed(AddressBlock(value).map(Test.client), "is no address and no block such as 10.0.0.0/8")
        case .sni:
            let name = value.lowercased()
            return .success(name.hasPrefix("*.") ? .nameSuffix(String(name.dropFirst())) : .name(name))
        case .listener, .alert, .ja4: return .success(.text(value))
        case .stage: return one(of: Stage.allCases.map(\.rawValue), value)
        case .outcome: return one(of: ConnectionRecord.Outcome.allCases.map(\.rawValue) + ["open"], value)
        case .type: return one(of: RequestType.allCases.map(\.shortName), value)
        case .rule: return .success(.rule(value))
        case .verdict: return .failure(Wrong(reason: "cannot be asked for: the journal has no verdicts yet"))
        case .serial:
            guard value.hasSuffix("*") else {
                return parsed(Serial(value).map(Test.serial), "is no serial: \(Self.serialForm)")
            }
            let prefix = String(value.dropLast())
            return parsed(
                prefix.isEmpty || Serial(prefix) != nil ? .serialPrefix(prefix) : nil,
                "is no beginning of a serial: \(Self.serialForm)"
            )
        case .license:
            return parsed(LicenseNumber(value).map(Test.license), "is no license number, such as EFTM000000000001")
        case .token: return parsed(TokenSerial(value).map(Test.token), "is no token's serial, such as FTKMOB947FDC1754")
        case .code:
            if value == "none" { return .success(.code(nil)) }
            return parsed(Int(value).map(Test.code), "is neither a whole number, such as 14, nor none")
        case .since, .until:
            let bound = UInt64(value).map(Bound.entry) ?? Timestamp.milliseconds(value).map(Bound.time)
            return parsed(bound.map(Test.bound), "is neither a time such as 2026-11-27T19:00:00Z nor an entry's number")
        }
    }

    private static func one(of values: [String], _ value: String) -> Result<Test, Wrong> {
        guard values.contains(value) else {
            return .failure(Wrong(reason: "is none of \(values.joined(separator: ", "))"))
        }
        return .success(.text(value))
    }
}

/// A filter that cannot be used.
package struct JournalFilterError: Error, Hashable, CustomStringConvertible {
    /// The name that was given.
    package let key: String
    /// What is wrong with it or its value.
    package let reason: String

    /// Both, for an operator.
    package var description: String { "filter \"\(key)\": \(reason)" }
}
