import HTTP
import Testing

@Suite("Response fields")
struct ResponseFieldTests {
    @Test(arguments: ["a\r\nSet-Cookie: b", "a\n", "\ra", "a\u{0}", "\u{b}", "a\u{7f}", " a", "a ", "\ta", "a\t"])
    func `a value that would end its line or lose its blanks is refused`(value: String) {
        #expect(throws: FieldError.badValue) { try FieldValue(validating: value) }
        #expect(throws: FieldError.badValue) { try ResponseField(name: "A", value: value) }
    }

    @Test(arguments: ["", "a", "a b\tc", "h\u{e9}", "\"q\"; a=b"])
    func `a value of one line is taken`(value: String) throws {
        #expect(try FieldValue(validating: value).bytes == Array(value.utf8))
    }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "\u{e9}", "a(b"])
    func `a name that is no token is refused`(name: String) {
        #expect(throws: FieldError.badName) { try ResponseField(name: name, value: "a") }
    }

    @Test(arguments: ["Content-Length", "TRANSFER-ENCODING", "connection", "Content-Type", "Date", "Server"])
    func `a name the writer owns is refused`(name: String) {
        #expect(throws: FieldError.reservedName) { try ResponseField(name: name, value: "a") }
    }

    @Test(arguments: [FieldError.badName, .badValue, .reservedName])
    func `an error explains itself in one line`(error: FieldError) {
        #expect(error.description.count > 20)
        #expect(!error.description.contains("\n"))
    }

    @Test func `a literal that is no field is a mistake in the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = ResponseField("Retry-After", "1\r\n")
        }
        await #expect(processExitsWith: .failure) {
            _ = FieldValue("a\n")
        }
    }
}
