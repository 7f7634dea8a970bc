import Notation

/// The fields of one request while they are read, in whatever order they come.
///
/// A wrong field is noted and its value skipped; ``decoded()`` decides at the end.
struct RequestDraft {
    let type: RequestType
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

    /// The fields of a message of `type`, none read yet, in a body of at most `limit` bytes.
    init(_ type: RequestType, limit: Int) {
        self.type = type
        tokenLimit = MessageLimits.tokens(in: limit)
    }

    /// Reads the value of `field`, which belongs to the draft's type.
    mutating func read(
        _ field: RequestField,
        from reader: inout JSONReader,
        in bytes: Span<UInt8>
    ) throws(JSONError) {
        if try reader.skipsAbsent(in: bytes) { return }
        seen.insert(field)
        let isValid =
            switch field {
            case .cluster: try readCluster(from: &reader, in: bytes)
            case .tokens: try readTokens(from: &reader, in: bytes)
            default: readText(field, try reader.readStringIfAny(in: bytes), in: bytes)
            }
        if !isValid {
            invalid.insert(field)
        }
    }

    /// The request, or why there is none.
    func decoded() -> Decoded {
        let faults = invalid.union(RequestFields.required(by: type).subtracting(seen))
        guard faults.isEmpty else {
            for field in RequestField.allCases where faults.contains(field) {
                return .fieldInvalid(type, header, field)
            }
            preconditionFailure("a set that is not empty has a field")
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
                version: header.version,
                deviceVersion: header.deviceVersion,
                deviceBuild: header.deviceBuild,
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
        guard let unit = RequestHeader(header) else {
            preconditionFailure("an appliance's serial was seen, but holds no value")
        }
        return unit
    }

    private mutating func readText(_ field: RequestField, _ string: JSONString?, in bytes: Span<UInt8>) -> Bool {
        guard let string else { return false }
        switch field {
        case .version:
            header.version = string.map(in: bytes) { VersionText($0) }
            return header.version != nil
        case .deviceVersion:
            header.deviceVersion = string.map(in: bytes) { VersionText($0) }
            return header.deviceVersion != nil
        case .deviceBuild:
            header.deviceBuild = string.map(in: bytes) { VersionText($0) }
            return header.deviceBuild != nil
        case .serialNumber:
            header.serial = string.map(in: bytes) { Serial($0) }
            return header.serial != nil
        case .redemptionCode:
            code = string.map(in: bytes) { RedemptionCode($0) }
            return code != nil
        case .mobileID:
            mobileID = string.text(of: 1...MessageLimits.mobileID, in: bytes)
            return mobileID != nil
        case .claim:
            // Other text than sixteen digits is a code that nobody was given, not a request that nobody understands.
            claim = string.map(in: bytes) {
                $0.count == 16 ? Hexadecimal.number(in: $0, at: 0, byteCount: 8) : nil
            }
            hasWholeCode = claim == nil && string.map(in: bytes) { ActivationCode.isWritten(in: $0) }
            return true
        case .registrationID:
            registrationID = string.text(of: 0...MessageLimits.registrationID, in: bytes)
            return registrationID != nil
        case .osVersion:
            osVersion = string.text(of: 0...MessageLimits.osVersion, in: bytes)
            return osVersion != nil
        case .cluster, .tokens:
            return false
        }
    }

    private mutating func readCluster(
        from reader: inout JSONReader,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        guard try reader.nextByte(in: bytes) == 0x5B else {
            try reader.skipValue(in: bytes)
            return false
        }
        var peers: [Serial] = []
        // Most clusters are pairs; an array that grew to one from nothing would be allocated twice.
        peers.reserveCapacity(2)
        var isValid = true
        var array = try reader.beginArray(in: bytes)
        while try reader.nextElement(of: &array, in: bytes) {
            let peer = try reader.readPeer(in: bytes)
            if let peer, peers.count < MessageLimits.peers {
                peers.append(peer)
            } else {
                isValid = false
            }
        }
        header.cluster = isValid ? peers : []
        return isValid
    }

    private mutating func readTokens(
        from reader: inout JSONReader,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        guard try reader.nextByte(in: bytes) == 0x5B else {
            try reader.skipValue(in: bytes)
            return false
        }
        var count = 0
        var array = try reader.beginArray(in: bytes)
        while try reader.nextElement(of: &array, in: bytes) {
            count += 1
            if count > tokenLimit {
                try reader.skipValue(in: bytes)
            } else if type == .provision {
                provisions.append(try reader.readProvisionEntry(in: bytes))
            } else {
                polls.append(try reader.readPollingEntry(in: bytes))
            }
        }
        return count <= tokenLimit
    }
}
