import Notation

/// The fields of one request while they are read, in whatever order they come.
///
/// A wrong field is noted and its value skipped; ``decoded()`` decides at the end.
struct RequestDraft {
    let type: RequestType
    /// How many tokens are read.
    private let tokenLimit: Int
    private var seen: RequestFields = []
    private var invalid: RequestFields = []
    private var header = PartialHeader()
    private var code: RedemptionCode?
    private var provisions: [ProvisionRequest.Entry] = []
    private var polls: [PollingRequest.Entry] = []
    private var mobileID: String?
    private var claim: UInt64?
    private var hasWholeCode = false
    private var registrationID: String?
    private var osVersion: String?

    /// The fields of a message of `type`, none read yet, in a body of so many bytes.
    init(_ type: RequestType, byteCount: Int) {
        self.type = type
        tokenLimit = MessageLimits.tokens(in: byteCount)
    }

    /// Reads the value of `field`, which belongs to the draft's type.
    mutating func read(_ field: RequestField, from reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) {
        if try reader.skipsAbsent(in: bytes) { return }
        seen.note(field)
        let isValid =
            switch field {
            case .cluster: try readCluster(from: &reader, in: bytes)
            case .tokens: try readTokens(from: &reader, in: bytes)
            default: readText(field, try reader.readStringIfAny(in: bytes), in: bytes)
            }
        if !isValid { invalid.note(field) }
    }

    /// The request, or why there is none.
    func decoded() -> Decoded {
        let faults = invalid.union(RequestFields.required(by: type).subtracting(seen))
        if let field = RequestField.allCases.first(where: { faults.contains(.one($0)) }) {
            return .fieldInvalid(type, header, field)
        }
        // What is required was seen and is valid.
        switch type {
        case .activation:
            guard let code else { break }
            return .request(.activation(ActivationLicenseRequest(header: unit, code: code)))
        case .provision: return .request(.provision(ProvisionRequest(header: unit, tokens: provisions)))
        case .polling: return .request(.polling(PollingRequest(header: unit, tokens: polls)))
        case .mobile:
            guard let mobileID else { break }
            let phone = MobileProvisionRequest(
                sender: header.sender,
                mobileID: mobileID,
                claim: claim,
                hasWholeCode: hasWholeCode,
                registrationID: registrationID,
                osVersion: osVersion
            )
            return .request(.mobile(phone))
        }
        preconditionFailure("a required field was seen and is valid, but holds no value")
    }

    private var unit: RequestHeader {
        guard let serial = header.serial else {
            preconditionFailure("an appliance's serial was seen, but holds no value")
        }
        return RequestHeader(sender: header.sender, serial: serial, cluster: header.cluster)
    }

    private mutating func readText(_ field: RequestField, _ string: JSONString?, in bytes: Span<UInt8>) -> Bool {
        /// Keeps a value, and returns whether it is one.
        func keep<Value>(_ value: Value?, in place: inout Value?) -> Bool {
            place = value
            return value != nil
        }
        guard let string else { return false }
        switch field {
        case .version: return keep(string.map(in: bytes) { VersionText($0) }, in: &header.sender.version)
        case .deviceVersion: return keep(string.map(in: bytes) { VersionText($0) }, in: &header.sender.deviceVersion)
        case .deviceBuild: return keep(string.map(in: bytes) { VersionText($0) }, in: &header.sender.deviceBuild)
        case .serialNumber: return keep(string.map(in: bytes) { Serial($0) }, in: &header.serial)
        case .redemptionCode: return keep(string.map(in: bytes) { RedemptionCode($0) }, in: &code)
        case .mobileID: return keep(string.text(of: 1...MessageLimits.mobileID, in: bytes), in: &mobileID)
        case .claim:
            // Other text than sixteen digits is a code that nobody was given, not a request that nobody understands.
            claim = string.map(in: bytes) {
                $0.count == 16 ? Hexadecimal.number(in: $0, at: 0, byteCount: 8) : nil
            }
            hasWholeCode = claim == nil && string.map(in: bytes) { ActivationCode.isWritten(in: $0) }
            return true
        case .registrationID:
            return keep(string.text(of: 0...MessageLimits.registrationID, in: bytes), in: &registrationID)
        case .osVersion: return keep(string.text(of: 0...MessageLimits.osVersion, in: bytes), in: &osVersion)
        case .cluster, .tokens: return false
        }
    }

    private mutating func readCluster(from reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var peers: [Serial] = []
        // Most clusters are pairs; an array that grew to one from nothing would be allocated twice.
        peers.reserveCapacity(2)
        var areValid = true
        let isList = try reader.readElements(in: bytes) { (reader) throws(JSONError) in
            let peer = try reader.readText(of: "sn", in: bytes)?.map(in: bytes) { Serial($0) }
            if let peer, peers.count < MessageLimits.peers {
                peers.append(peer)
            } else {
                areValid = false
            }
        }
        header.cluster = areValid ? peers : []
        return isList && areValid
    }

    private mutating func readTokens(from reader: inout JSONReader, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var count = 0
        let isList = try reader.readElements(in: bytes) { (reader) throws(JSONError) in
            count += 1
            if count > tokenLimit {
                try reader.skipValue(in: bytes)
            } else if type == .provision {
                provisions.append(try reader.readProvisionEntry(in: bytes))
            } else {
                polls.append(try reader.readPollingEntry(in: bytes))
            }
        }
        return isList && count <= tokenLimit
    }
}
