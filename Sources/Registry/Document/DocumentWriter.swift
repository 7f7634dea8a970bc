package import Documents
package import Notation
import SoftToken

/// Writes a document entry by entry; whoever has the entries one by one writes the same bytes as who has them all.
struct DocumentWriter {
    private let format: DocumentFormat
    private let now: Int64
    /// How many lists were begun; one more than there are once all are ended.
    private var begun = 0
    private var entries = 0

    /// Begins a document; `now`, in seconds since 1970 by the lab's clock, decides each token's state.
    init(_ format: DocumentFormat, now: Int64) {
        self.format = format
        self.now = now
    }

    /// Appends what is left after the last entry.
    mutating func finish(to bytes: inout [UInt8]) {
        advance(to: nil, &bytes)
        if format == .json { bytes += "\n}\n".utf8 }
    }

    /// Appends a row's entry: devices come before licenses, and those before tokens.
    mutating func append(_ row: RegistryRow, to bytes: inout [UInt8]) {
        let (section, fields): (DocumentSection, [JSONValue.Member]) =
            switch row {
            case .device(let device): (.devices, device.documentFields)
            case .license(let license): (.licenses, license.documentFields)
            case .token(let token): (.tokens, token.documentFields(now: now, includingLapsed: true))
            }
        advance(to: section, &bytes)
        switch format {
        case .yaml:
            if entries == 0 { bytes += "\(section.rawValue):\n".utf8 }
            bytes += "  - ".utf8
            DocumentEntry.append(fields, to: &bytes, as: .yaml)
            bytes.append(0x0A)
        case .json:
            bytes += (entries == 0 ? "\n    " : ",\n    ").utf8
            DocumentEntry.append(fields, to: &bytes, as: .json)
        }
        entries += 1
    }

    /// Ends lists and begins the next ones, up to `target`; nil ends all.
    private mutating func advance(to target: DocumentSection?, _ bytes: inout [UInt8]) {
        let all = DocumentSection.allCases
        let last = target.flatMap { all.firstIndex(of: $0) } ?? all.count
        while begun - 1 < last {
            if begun > 0 { end(all[begun - 1], &bytes) }
            if begun < all.count { begin(all[begun], &bytes) }
            begun += 1
            entries = 0
        }
    }

    private func begin(_ section: DocumentSection, _ bytes: inout [UInt8]) {
        switch format {
        case .yaml where begun == 0:
            bytes += "# A lab's whole registry. It holds secrets: redemption codes, seeds and activation codes.\n".utf8
        case .yaml: break
        case .json: bytes += "\(begun == 0 ? "{" : ",")\n  \"\(section.rawValue)\": [".utf8
        }
    }

    private func end(_ section: DocumentSection, _ bytes: inout [UInt8]) {
        switch format {
        case .yaml: if entries == 0 { bytes += "\(section.rawValue): []\n".utf8 }
        case .json: bytes += (entries == 0 ? "]" : "\n  ]").utf8
        }
    }
}

/// An entry of a document on its way out, on one line; the API's resources are written alike.
package enum DocumentEntry {
    /// The fields whose texts someone else chose; all others are of our own vocabulary, which YAML needs no quotes for
    /// unless a word starts with a mark or would be another kind of value.
    private static let othersTexts: Set = ["model", "mobileID", "regID", "osVersion"]

    /// The fields as an object in JSON.
    package static func json(_ fields: [JSONValue.Member]) -> String {
        var bytes: [UInt8] = []
        append(fields, to: &bytes, as: .json)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the fields' UTF-8.
    package static func append(_ fields: [JSONValue.Member], to bytes: inout [UInt8], as format: DocumentFormat) {
        bytes += "{ ".utf8
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            if format == .json { bytes.append(0x22) }
            bytes += field.name.utf8
            bytes += (format == .json ? "\": " : ": ").utf8
            append(field.value, of: field.name, to: &bytes, as: format)
        }
        bytes += " }".utf8
    }

    private static func append(
        _ value: JSONValue,
        of name: String,
        to bytes: inout [UInt8],
        as format: DocumentFormat
    ) {
        switch value {
        case .string(let word) where format == .yaml && !othersTexts.contains(name) && !needsQuotes(word):
            bytes += word.utf8
        case .array(let values):
            bytes.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { bytes += ", ".utf8 }
                append(value, of: name, to: &bytes, as: format)
            }
            bytes.append(0x5D)
        case .object(let members): append(members, to: &bytes, as: format)
        default: value.append(to: &bytes, escaping: .document)
        }
    }

    /// Whether YAML's readers take a word for a mark, a number, a truth value or nothing: a serial may be `1243`,
    /// `NULL` or `NO`.
    private static func needsQuotes(_ word: String) -> Bool {
        word.hasPrefix("-") || ["NULL", "TRUE", "FALSE", "YES", "NO", "ON", "OFF", "Y", "N"].contains(word)
            || word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x45 }
    }
}

extension Device {
    /// The fields of a document's entry, in their order.
    package var documentFields: [JSONValue.Member] {
        var fields: [JSONValue.Member] = [
            .init("serial", .string(serial.description)), .init("registered", .flag(isRegistered)),
        ]
        fields["model"] = model.map { .string($0) }
        return fields
    }
}

extension License {
    /// The fields of a document's entry, in their order; its code is among them.
    package var documentFields: [JSONValue.Member] {
        var fields: [JSONValue.Member] = [.init("number", .string(number.description))]
        fields["code"] = code.map { .string($0.text) }
        fields["size"] = .integer(size)
        fields["validUntil"] = validUntil.map { .string($0.description) }
        if let owner {
            fields["owner"] = .string(owner.description)
            fields["cluster"] = .array(cluster.map { .string($0.description) })
        }
        if isRevoked { fields["revoked"] = true }
        fields["activatedAt"] = activatedAt.flatMap { RFC3339.text($0) }.map { .string($0) }
        if let grace, let until = RFC3339.text(grace.until) {
            fields["grace"] = ["to": .string(grace.unit.description), "until": .string(until)]
        }
        if isStale { fields["stale"] = true }
        if !isTransferable { fields["transferable"] = false }
        return fields
    }
}

extension Token {
    /// The fields of a document's entry, in their order; seed and activation code are among them.
    ///
    /// The state is the one at `now`, in seconds since 1970 by the lab's clock. What has lapsed by then is told in
    /// documents alone, for an earlier clock makes it count again.
    package func documentFields(now: Int64, includingLapsed: Bool = false) -> [JSONValue.Member] {
        var fields: [JSONValue.Member] = [
            .init("serial", .string(serial.description)), .init("license", .string(license.description)),
            .init("state", .string(state(at: now).rawValue)),
        ]
        if isLocked { fields["locked"] = true }
        guard let lodged = includingLapsed ? provisioning : lodged(at: now) else { return fields }
        fields["seed"] = .string(String(decoding: lodged.seed.hexadecimal, as: UTF8.self))
        fields["type"] = .string(lodged.parameters.kind.rawValue)
        fields["period"] = .integer(lodged.parameters.period)
        fields["digits"] = .integer(lodged.parameters.digits)
        fields["activationCode"] = .string(String(decoding: lodged.code.base32, as: UTF8.self))
        fields["activationExpires"] = RFC3339.text(lodged.codeExpires).map { .string($0) }
        fields["mobileID"] = lodged.phone.map { .string($0.mobileID) }
        fields["regID"] = lodged.phone?.registrationID.map { .string($0) }
        fields["osVersion"] = lodged.phone?.osVersion.map { .string($0) }
        fields["lapses"] = lodged.lapses.flatMap { RFC3339.text($0) }.map { .string($0) }
        return fields
    }
}
