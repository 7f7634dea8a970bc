import Notation

/// The members that a request may have, in the order in which faults are reported.
package enum RequestField: String, Hashable, Sendable, CaseIterable {
    /// The protocol's version.
    case version = "__version"
    /// The unit's software version.
    case deviceVersion = "__device_version"
    /// The unit's software build.
    case deviceBuild = "__device_build"
    /// The unit that asks.
    case serialNumber = "serial_number"
    /// The members of the unit's cluster.
    case cluster = "__clustered_sns"
    /// The code to redeem, of an activation.
    case redemptionCode = "license_activation_code"
    /// The tokens, of a provision or a poll.
    case tokens
    /// The phone.
    case mobileID = "mobile_id"
    /// What the phone read from its activation code.
    case claim = "token_activation_code"
    /// The phone's registration id.
    case registrationID = "reg_id"
    /// The phone's app version and platform.
    case osVersion = "os_ver"

    /// The member's name on the wire.
    package var name: String { rawValue }

    /// Finds the field of this name.
    init?(_ name: Span<UInt8>) {
        guard let name = ShortName(name) else { return nil }
        for known in Self.known where known.name == name {
            self = known.field
            return
        }
        return nil
    }

    private static let known = allCases.compactMap { field in
        ShortName(field.rawValue.utf8.span).map { (name: $0, field: field) }
    }

    /// Whether a request of this type has the field; what it does not have is skipped like any unknown key.
    func belongs(to type: RequestType) -> Bool {
        switch self {
        case .version, .deviceVersion, .deviceBuild: true
        case .serialNumber, .cluster: type != .mobile
        case .redemptionCode: type == .activation
        case .tokens: type == .provision || type == .polling
        case .mobileID, .claim, .registrationID, .osVersion: type == .mobile
        }
    }
}

/// A set of fields, a bit each.
struct RequestFields: Sendable, Equatable {
    private var bits: UInt16

    /// What a request of a type is refused without.
    ///
    /// [our choice: optional-fields] Published requests carry every field of their type but the version, which a phone
    /// left out; a unit outside a cluster may well list none, so that the cluster may be absent too.
    static func required(by type: RequestType) -> RequestFields {
        switch type {
        case .activation: [.serialNumber, .redemptionCode]
        case .provision, .polling: [.serialNumber, .tokens]
        case .mobile: [.mobileID, .claim]
        }
    }

    var isEmpty: Bool { bits == 0 }

    /// Notes a field, and returns whether it is new.
    @discardableResult
    @inline(__always)
    mutating func insert(_ field: RequestField) -> Bool {
        let bit = Self.bit(field)
        defer { bits |= bit }
        return bits & bit == 0
    }

    func contains(_ field: RequestField) -> Bool { bits & Self.bit(field) != 0 }

    func union(_ other: RequestFields) -> RequestFields { RequestFields(bits: bits | other.bits) }

    func subtracting(_ other: RequestFields) -> RequestFields { RequestFields(bits: bits & ~other.bits) }

    private init(bits: UInt16) {
        self.bits = bits
    }

    private static func bit(_ field: RequestField) -> UInt16 {
        switch field {
        case .version: 1
        case .deviceVersion: 1 << 1
        case .deviceBuild: 1 << 2
        case .serialNumber: 1 << 3
        case .cluster: 1 << 4
        case .redemptionCode: 1 << 5
        case .tokens: 1 << 6
        case .mobileID: 1 << 7
        case .claim: 1 << 8
        case .registrationID: 1 << 9
        case .osVersion: 1 << 10
        }
    }
}

extension RequestFields: ExpressibleByArrayLiteral {
    @inline(__always)
    init(arrayLiteral fields: RequestField...) {
        bits = 0
        for field in fields {
            insert(field)
        }
    }
}

/// The members of one entry of a request's `tokens`, in the published order, which is that in which faults are
/// reported.
package enum TokenField: String, Error, CaseIterable {
    /// The token's serial.
    case token
    /// The secret that an appliance lodges.
    case seed
    /// For how many minutes the activation code holds.
    case codeExpire = "code_expire"
    /// How passwords follow one another.
    case type
    /// How many seconds a password lasts.
    case period
    /// How many digits a password has.
    case digits

    /// The member's name on the wire.
    package var name: String { rawValue }

    /// Finds the member of this name.
    init?(_ name: Span<UInt8>) {
        switch name.count {
        case 4 where name.equals("seed"): self = .seed
        case 4 where name.equals("type"): self = .type
        case 5 where name.equals("token"): self = .token
        case 6 where name.equals("period"): self = .period
        case 6 where name.equals("digits"): self = .digits
        case 11 where name.equals("code_exp", "ire"): self = .codeExpire
        default: return nil
        }
    }
}

/// A member's name of up to 24 bytes in three words: a key of a request is held against a dozen names, and this
/// compares with each in a few instructions.
struct ShortName: Equatable {
    /// Which names are as long.
    private let count: Int
    // The bytes, and zeros behind them.
    private let first: EightBytes
    private let second: EightBytes
    private let third: EightBytes

    /// Packs the bytes, or returns nil where they are too many.
    @inline(__always)
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= 24 else { return nil }
        count = bytes.count
        first = EightBytes(bytes, from: 0)
        second = EightBytes(bytes, from: 8)
        third = EightBytes(bytes, from: 16)
    }

    /// Whether both are the same bytes; the lengths differ between most names.
    @inline(__always)
    static func == (left: ShortName, right: ShortName) -> Bool {
        left.count == right.count && left.first == right.first && left.second == right.second
            && left.third == right.third
    }
}
