import Faults
import IO
package import Notation
import SoftToken

/// Which connections, or which exchanges, a reader of the journal wants: every condition given must hold.
///
/// One of ``exchangeKeys`` makes it select exchanges; otherwise it selects connections.
package struct JournalFilter: Sendable {
    /// What can be asked for, in the order in which near misses name it.
    package enum Key: String, Sendable, CaseIterable {
        /// The peer's address, or a block of addresses.
        case client
        /// The server name of the ClientHello, without regard to case or a dot at its end; `*.` at its beginning stands
        /// for any labels.
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
        /// The service's code, at the top or of a token (of the named one, where `token` is given); `none` for an
        /// answer (200) of the service without any.
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
        /// Whether a record may show null in its place.
        package var canBeNull: Bool {
            switch self {
            case .sni, .alert, .ja4, .serial, .license, .token, .type, .code, .outcome, .verdict: true
            case .client, .listener, .stage, .rule, .since, .until: false
            }
        }
    }

    /// The keys that an exchange has and a connection has not.
    package static let exchangeKeys: Set<Key> = [.serial, .license, .token, .type, .code]

    enum Bound: Sendable, Equatable {
        case entry(UInt64)
        case time(Int64)
    }

    enum Test: Sendable {
        case client(AddressBlock)
        case name(String)
        case nameSuffix(String)
        case fingerprint(String)
        case text(String)
        case alert(String, direction: String)
        case serialPrefix(String)
        case serial(Serial)
        case license(LicenseNumber)
        case token(String)
        case tokenCode(token: String?, code: Int?)
        case code(Int?)
        case rule(String)
        case ruleBound(String, by: String?)
        case bound(Bound)
        /// A record shows null there.
        case null
    }

    struct Condition: Sendable {
        let key: Key
        let wanted: String
        let test: Test
        /// Why nothing that behaves has it, so that it is of use only where it was seen.
        var doubt: String?
    }

    private(set) var conditions: [Condition] = []

    /// Everything.
    package init() {}

    /// Reads pairs of a key and its value; throws what names the one that is wrong.
    package init(_ pairs: some Sequence<(key: String, value: String)>) throws(JournalFilterError) {
        try self.init(values: pairs.map { ($0.key, .string($0.value)) })
    }

    /// Reads pairs of a key and a value as the API prints it (``JSONValue/isOfRecord``); throws what names the one that
    /// is wrong.
    package init(values: some Sequence<(key: String, value: JSONValue)>) throws(JournalFilterError) {
        for (name, value) in values {
            guard let key = Key(rawValue: name) else {
                let known = Key.allCases.filter(\.canBeAsked).map(\.rawValue)
                throw JournalFilterError(
                    key: name,
                    reason: "no filter has this name; there are \(known.joined(separator: ", "))"
                )
            }
            guard !conditions.contains(where: { $0.key == key }) else {
                throw JournalFilterError(key: name, reason: "is given twice")
            }
            conditions.append(try Condition(key, value))
        }
        conditions.sort { Self.rank($0.key) < Self.rank($1.key) }
        if let contradiction { throw contradiction }
    }

    /// Whether it selects exchanges, and not connections.
    package var selectsExchanges: Bool { conditions.contains { Self.exchangeKeys.contains($0.key) } }

    /// The fault rule that it names.
    package var rule: String? {
        switch test(.rule) {
        case .rule(let name)?, .ruleBound(let name, _)?: name
        default: nil
        }
    }

    /// The listener that it names.
    package var listener: String? { conditions.first { $0.key == .listener }?.wanted }

    /// The values that nothing which behaves has, each with the reason: whoever sends them anyway was seen to.
    package var doubts: [JournalFilterError] {
        conditions.compactMap { condition in
            condition.doubt.map { JournalFilterError(key: condition.key.rawValue, reason: $0) }
        }
    }

    /// What it asks with this key alone; nil where it does not.
    package func alone(_ key: Key) -> JournalFilter? {
        guard let condition = conditions.first(where: { $0.key == key }) else { return nil }
        var filter = JournalFilter()
        filter.conditions = [condition]
        return filter
    }

    /// What it asks of a key; nil where it does not.
    func test(_ key: Key) -> Test? { conditions.first { $0.key == key }?.test }

    /// The moments or entries that it is bounded by.
    var bounds: [(key: Key, bound: Bound)] {
        conditions.compactMap { if case .bound(let bound) = $0.test { ($0.key, bound) } else { nil } }
    }

    /// Whether the noted tokens must be looked at.
    var readsTokens: Bool { conditions.contains { $0.key == .token || $0.key == .code } }

    /// The token that it names.
    var token: String? {
        switch test(.token) {
        case .token(let token)?, .tokenCode(let token?, _)?: token
        default: nil
        }
    }

    private static func rank(_ key: Key) -> Int { Key.allCases.firstIndex(of: key) ?? 0 }
}
