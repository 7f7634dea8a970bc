import Documents

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

    /// Appends a device's entry, before all licenses.
    mutating func append(_ device: Device, to bytes: inout [UInt8]) {
        append(device.documentFields, in: .devices, to: &bytes)
    }

    /// Appends a license's entry, before all tokens.
    mutating func append(_ license: License, to bytes: inout [UInt8]) {
        append(license.documentFields, in: .licenses, to: &bytes)
    }

    /// Appends a token's entry.
    mutating func append(_ token: Token, to bytes: inout [UInt8]) {
        append(token.documentFields(now: now, includingLapsed: true), in: .tokens, to: &bytes)
    }

    /// Appends what is left after the last entry.
    mutating func finish(to bytes: inout [UInt8]) {
        advance(to: nil, &bytes)
        if format == .json { bytes += "\n}\n".utf8 }
    }

    private mutating func append(
        _ fields: [DocumentValue.Field],
        in section: DocumentSection,
        to bytes: inout [UInt8]
    ) {
        advance(to: section, &bytes)
        switch format {
        case .yaml:
            if entries == 0 { bytes += "\(section.rawValue):\n".utf8 }
            bytes += "  - ".utf8
            DocumentValue.map(fields).append(to: &bytes, as: .yaml)
            bytes.append(0x0A)
        case .json:
            bytes += (entries == 0 ? "\n    " : ",\n    ").utf8
            DocumentValue.map(fields).append(to: &bytes, as: .json)
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
