import Testing

@testable import Admin

@Suite struct BearerTokenTests {
    private static let text = "0123456789abcdef-XYZ"

    @Test(arguments: ["Bearer ", "bearer ", "BEARER ", "bEaReR "])
    func `the token opens, however its scheme is written`(scheme: String) throws {
        #expect(try isPresented(scheme + Self.text))
    }

    @Test(
        arguments: [
            "", "Bearer", "Bearer ", text, "Bearer  " + text, "Basic  " + text, "Bearer " + text + " ",
            "Bearer " + text.uppercased(), "Bearer " + text.dropLast(), "Bearer x" + text.dropFirst(),
            "Bearer " + text.dropLast() + "x", "Bearer " + text + text, "Bearer\t" + text,
        ]
    )
    func `anything else does not`(value: String) throws {
        #expect(try !isPresented(value))
    }

    @Test(
        arguments: [
            ("", false), ("0123456789abcde", false), ("0123456789abcdef", true), ("0123456789 abcdef", false),
            ("0123456789abcdé!", false), ("0123456789abcdef\n", false),
        ]
    )
    func `a token has sixteen visible characters at least`(text: String, isToken: Bool) {
        #expect((BearerToken(text) != nil) == isToken)
    }

    @Test func `a token shows itself nowhere`() throws {
        let token = try #require(BearerToken(Self.text))
        #expect("\(token)" == "bearer token (hidden)")
        #expect(!String(reflecting: token).contains(Self.text))
    }

    private func isPresented(_ value: String) throws -> Bool {
        let token = try #require(BearerToken(Self.text))
        let bytes = Array(value.utf8)
        return token.isPresented(in: bytes.span)
    }
}
