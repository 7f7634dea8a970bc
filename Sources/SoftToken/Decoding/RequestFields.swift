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
