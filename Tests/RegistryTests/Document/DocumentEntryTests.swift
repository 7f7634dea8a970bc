import Documents
import Notation
import Registry
import Testing

@Suite struct DocumentEntryTests {
    private func yaml(_ word: String) -> String {
        var bytes: [UInt8] = []
        DocumentEntry.append([.init("serial", .string(word))], to: &bytes, as: .yaml)
        return String(decoding: bytes, as: UTF8.self)
    }

    // An export in YAML gave a unit of the serial 1243 a number for a name, and one of the serial NULL none.
    @Test(arguments: ["1243", "1E5", "NULL", "NO", "TRUE", "-7"])
    func `a word that would be read as another kind of value is quoted`(word: String) {
        #expect(yaml(word) == "{ serial: \"\(word)\" }")
    }

    @Test(arguments: ["FG100FTK20009876", "EFTM000000000002", "2027-11-21", "2027-11-21T08:00:00Z", "totp", "NOVA"])
    func `other words need no quotes`(word: String) {
        #expect(yaml(word) == "{ serial: \(word) }")
    }
}
