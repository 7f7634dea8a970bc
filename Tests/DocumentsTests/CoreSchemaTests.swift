import Documents
import Testing

@Suite("The core schema") struct CoreSchemaTests {
    /// `True`, as Python and Ansible write it, was once no truth value.
    @Test(
        arguments: [
            ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
            ("tRUE", nil),
            ("yes", nil), ("on", nil), ("y", nil), ("0", nil), ("", nil), ("truE", nil), (" true", nil),
        ] as [(String, Bool?)]
    )
    func `truth values are these six words`(text: String, flag: Bool?) {
        #expect(CoreSchema.flag(text) == flag)
    }

    @Test(arguments: [
        ("", true), ("~", true), ("null", true), ("Null", true), ("NULL", true), ("nULL", false), ("none", false),
    ])
    func `null has these five forms`(text: String, isNull: Bool) {
        #expect(CoreSchema.isNull(text) == isNull)
    }

    @Test(
        arguments: [
            ("12", 12), ("+12", 12), ("-12", -12), ("012", 12), ("0o14", 12), ("0xC", 12), ("0xc", 12), ("0o8", nil),
            ("0x", nil),
            ("0x-1", nil), ("0o+1", nil), ("0b1", nil), ("1_000", nil), ("12.0", nil), ("", nil), ("-0x1", nil),
            ("１", nil),
        ] as [(String, Int?)]
    )
    func `whole numbers are decimal, octal or hexadecimal`(text: String, number: Int?) {
        #expect(CoreSchema.integer(text) == number)
    }

    @Test(
        arguments: [
            ("1.5", 1.5), (".5", 0.5), ("5.", 5), ("-1e3", -1000), ("+1.5E-1", 0.15), ("12", 12), ("0x10", 16),
            (".", nil), ("e3", nil),
            ("1e", nil), (".inf", nil), (".nan", nil), ("inf", nil), ("nan", nil), ("0x1p3", nil), ("1.2.3", nil),
            ("", nil), ("-", nil),
        ] as [(String, Double?)]
    )
    func `numbers are finite`(text: String, number: Double?) {
        #expect(CoreSchema.number(text) == number)
    }

    @Test func `what stands in quotes is a text`() throws {
        let node = try DocumentNode.read(Array("[true, \"true\", null, 'null', ~]".utf8), as: .yaml)
        guard case .list(let items) = node.content else { return }
        #expect(items.map(\.flag) == [true, nil, nil, nil, nil])
        #expect(items.map(\.isNull) == [false, false, true, false, true])
    }
}
