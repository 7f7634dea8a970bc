import Notation
import Testing

@testable import Admin

/// What a body's fields are refused with.
@Suite struct BodyFieldsTests {
    private static let fields: JSONValue = [
        "number": .string("12"), "code": .string("1234"), "size": .integer(100_000_000), "flag": .string("no"),
        "password": .string("made-up"), "long": .string(String(repeating: "x", count: 60)),
    ]

    private static func body() throws -> BodyFields {
        try BodyFields(fields, keys: ["number", "code", "size", "flag", "password", "long"])
    }

    private static func nothing(_ text: String) -> Int? { nil }

    // A field report: of several fields that were wrong the first alone was told.
    @Test func `all fields that are wrong are told at once`() throws {
        let body = try Self.body()
        let number = body.text("number", "a number", Self.nothing)
        let size = body.integer("size", in: 1...10)
        #expect(number == nil && size == nil)
        let problem = try #require(throws: Problem.self) { try body.check() }
        #expect(problem.detail == "number must be a number, not \"12\" (and 1 more)")
        let errors: JSONValue = .array([
            ["path": .string("number"), "reason": .string("must be a number, not \"12\"")],
            ["path": .string("size"), "reason": .string("must be a whole number from 1 to 10, not 100000000")],
        ])
        #expect(problem.members.first { $0.name == "errors" }?.value == errors)
    }

    @Test func `one field that is wrong is told alone, and none not at all`() throws {
        let body = try Self.body()
        try body.check()
        _ = body.flag("flag")
        let problem = try #require(throws: Problem.self) { try body.check() }
        #expect(problem.detail == "flag must be true or false, not \"no\"")
        #expect(!problem.members.contains { $0.name == "errors" })
    }

    // A field report: a wrong value was not echoed, and one that was cut did not say so.
    @Test(arguments: [
        ("code", ", not \"1234\""), ("long", "x…\""), ("password", "must be another"),
    ])
    func `a value is echoed unless it may be most of a secret`(key: String, end: String) throws {
        let body = try Self.body()
        _ = body.text(key, "another", Self.nothing)
        let problem = try #require(throws: Problem.self) { try body.check() }
        #expect(problem.detail.hasSuffix(end), "\(problem.detail)")
    }
}
