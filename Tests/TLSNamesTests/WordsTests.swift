import TLSNames
import Testing

/// What people write, and in which order the catalogue lists it.
@Suite struct WordsTests {
    @Test func `versions are read as they are written, the oldest first`() {
        #expect(ProtocolVersion.allCases.map(\.name) == ["1.0", "1.1", "1.2", "1.3"])
        #expect(ProtocolVersion.allCases == ProtocolVersion.allCases.sorted())
        for version in ProtocolVersion.allCases { #expect(ProtocolVersion(name: version.name) == version) }
        for name in ["", "1", "1.4", "TLSv1.3", "1.30"] { #expect(ProtocolVersion(name: name) == nil, "\(name)") }
    }

    @Test func `staples`() {
        let words = ["good", "revoked", "unknown", "stale", "missing", "forged"]
        #expect(StapleStatus.allCases.map(\.rawValue) == words)
    }

    @Test func `records, each of which a handshake message names`() {
        let words = [
            "serverHello", "encryptedExtensions", "certificate", "certificateVerify", "serverKeyExchange",
            "serverHelloDone", "ticket", "finished",
        ]
        #expect(RecordLabel.allCases.map(\.rawValue) == words)
        let named = (0...UInt8.max).compactMap { RecordLabel(messageType: $0) }
        #expect(named.count == words.count && Set(named) == Set(RecordLabel.allCases))
    }
}
