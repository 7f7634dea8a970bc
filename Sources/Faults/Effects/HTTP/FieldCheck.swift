/// What a rule may put into an answer's head.
enum FieldCheck {
    /// What is wrong with a field, or nil: a name is a token, a value is printable, and the framing is not a rule's to say.
    static func reason(_ name: String, _ value: String) -> String? {
        let isToken = !name.isEmpty && name.utf8.allSatisfy { isTokenByte($0) }
        guard isToken else { return "it is no field's name" }
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 || $0 >= 0x80 }) else {
            return "its value holds what no field may"
        }
        let blanks: Set<Character> = [" ", "\t"]
        guard value.first.map({ !blanks.contains($0) }) ?? true, value.last.map({ !blanks.contains($0) }) ?? true else {
            return "its value begins or ends with a blank"
        }
        let framing = ["content-length", "transfer-encoding", "connection", "date", "server"]
        return framing.contains(name.lowercased()) ? "the server writes this field itself" : nil
    }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
