import Notation
import Testing

@Suite struct ASCIITests {
    @Test func `each byte is a digit, a capital, a small letter or none of them`() {
        let bytes = UInt8.min...UInt8.max
        #expect(String(decoding: bytes.filter(\.isASCIIDigit), as: UTF8.self) == "0123456789")
        #expect(String(decoding: bytes.filter(\.isASCIIUppercase), as: UTF8.self) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        #expect(String(decoding: bytes.filter(\.isASCIILowercase), as: UTF8.self) == "abcdefghijklmnopqrstuvwxyz")
        #expect(bytes.filter(\.isASCIIAlphanumeric).count == 62)
    }

    @Test(arguments: [("fac-1.lab", true), ("", true), ("fac_1", false), ("fäc", false), ("a b", false)])
    func `a name has letters, digits and what is named besides`(text: String, isName: Bool) {
        #expect(text.isASCIIAlphanumeric(or: "-.") == isName)
    }
}
