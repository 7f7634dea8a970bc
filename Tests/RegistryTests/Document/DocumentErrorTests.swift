import Documents
import Registry
import Testing

@Suite struct DocumentErrors {
    /// A valid document, one entry a line, and what stands on its lines.
    private static let lines = [
        "devices:",
        "  - { serial: FG-A, registered: true }",
        "  - { serial: FG-B, registered: true }",
        "licenses:",
        "  - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 1, owner: FG-A }",
        "  - { number: FTMTRIAL00000001, owner: FG-A }",
        "tokens:",
        "  - { serial: FTKMOB0000000001, license: EFTM000000000001 }",
    ]

    private static let seed = "seed: A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A"
    private static let lodged = seed + ", activationCode: EEIOTCU3LENEDJMR, activationExpires: 2026-11-24T08:00:00Z"

    struct Case: Sendable, CustomTestStringConvertible {
        let line: Int
        let text: String
        let path: String
        let reason: String
        var testDescription: String { text }

        init(_ line: Int, _ text: String, _ path: String, _ reason: String) {
            (self.line, self.text, self.path, self.reason) = (line, text, path, reason)
        }
    }

    static let devices = [
        Case(2, "- { serial: fg-a }", "devices[0].serial", "up to 16 of A-Z"),
        Case(2, "- { serial: FG-A-FG-A-FG-A-17 }", "devices[0].serial", "up to 16 of A-Z"),
        Case(2, "- { registered: true }", "devices[0]", "'serial' is missing"),
        Case(2, "- { serial: null }", "devices[0]", "'serial' is missing"),
        Case(2, "- { serial: FG-A, registered: yes }", "devices[0].registered", "true or false, not \"yes\""),
        Case(2, "- { serial: FG-A, colour: red }", "devices[0]", "'colour' is unknown; known are serial"),
        Case(2, "- { serial: FG-A, serial: FG-C }", "devices[0]", "'serial' stands twice"),
        Case(
            2,
            "- { serial: FG-A, registered: \"true\" }",
            "devices[0].registered",
            "must be true or false, not \"true\""
        ),
        Case(2, "- { serial: FG-A, model: [] }", "devices[0].model", "a text of 1 to 64 characters"),
        Case(2, "- FG-A", "devices[0]", "must be a mapping"),
        Case(3, "- { serial: FG-A }", "devices[1].serial", "FG-A stands twice"),
    ]

    static let licenses = [
        Case(5, "- { number: EFTM1, code: 0000-0000-0000-0000-0001, size: 1 }", "licenses[0].number", "EFTM and 12"),
        Case(5, "- { number: EFTM000000000001, size: 1 }", "licenses[0]", "'code' is missing"),
        Case(
            5,
            "- { number: EFTM000000000001, code: 0000-0000-0000-0000-0000, size: 1 }",
            "licenses[0].code",
            "not all zero"
        ),
        Case(5, "- { number: EFTM000000000001, code: 1-2, size: 1 }", "licenses[0].code", "20 hexadecimal digits"),
        Case(5, "- { number: EFTM000000000001, code: 0000-0000-0000-0000-0001 }", "licenses[0]", "'size' is missing"),
        license("size: 0", "size", "a number from 1 to 100000"),
        license("size: 1.5", "size", "a number from 1 to 100000"),
        license("size: 100001", "size", "a number from 1 to 100000"),
        license("size: 1, validUntil: 2027-02-29", "validUntil", "a day such as"),
        license("size: 1, owner: FG-C", "owner", "FG-C is no listed device"),
        license("size: 1, owner: FG-A, cluster: [FG-B]", "cluster", "must name the owner, FG-A"),
        license("size: 1, owner: FG-A, cluster: [FG-A, FG-C]", "cluster[1]", "FG-C is no listed device"),
        license("size: 1, owner: FG-A, cluster: [FG-A, FG-A]", "cluster[1]", "FG-A stands twice"),
        license("size: 1, owner: FG-A, cluster: FG-A", "cluster", "must be a list"),
        license("size: 1, cluster: [FG-A]", "cluster", "needs 'owner'"),
        license("size: 1, activatedAt: 2026-01-01T00:00:00Z", "activatedAt", "needs 'owner'"),
        license("size: 1, owner: FG-A, activatedAt: 2026-01-01", "activatedAt", "a time such as"),
        license("size: 1, owner: FG-A, activatedAt: 2026-01-01T24:00:00Z", "activatedAt", "a time such as"),
        license("size: 1, owner: FG-A, grace: { to: FG-A, until: 2026-01-01T00:00:00Z }", "grace.to", "former"),
        license("size: 1, owner: FG-A, grace: { to: FG-B }", "grace", "'until' is missing"),
        license("size: 1, stale: true", "stale", "only a trial"),
        license("size: 1, transferable: maybe", "transferable", "true or false"),
        Case(6, "- { number: FTMTRIAL00000001 }", "licenses[1]", "'owner' is missing"),
        Case(6, "- { number: FTMTRIAL00000001, owner: FG-A, size: 3 }", "licenses[1].size", "2 for a trial"),
        Case(
            6,
            "- { number: FTMTRIAL00000001, owner: FG-A, code: 0000-0000-0000-0000-0002 }",
            "licenses[1].code",
            "a trial has none"
        ),
        Case(
            6,
            "- { number: EFTM000000000002, code: 0000-0000-0000-0000-0001, size: 1 }",
            "licenses[1].code",
            "another license has the same"
        ),
        Case(
            6,
            "- { number: EFTM000000000001, code: 0000-0000-0000-0000-0002, size: 1 }",
            "licenses[1].number",
            "EFTM000000000001 stands twice"
        ),
    ]

    static let tokens = [
        Case(8, "- { serial: FTKMOB00, license: EFTM000000000001 }", "tokens[0].serial", "FTKMOB and 10"),
        Case(8, "- { serial: FTKMOB0000000001 }", "tokens[0]", "'license' is missing"),
        Case(8, "- { serial: FTKMOB0000000001, license: EFTM000000000009 }", "tokens[0].license", "no listed license"),
        token("state: lost", "state", "available, pending"),
        token("state: pending", "state", "make it available"),
        token("state: available, locked: true", "state", "make it locked"),
        token("state: locked, locked: false", "state", "make it available"),
        token("state: provisioned, " + lodged, "state", "make it pending or expired"),
        token("seed: A84E", "seed", "40 hexadecimal digits"),
        token(seed, "", "'activationCode' is missing"),
        token(seed + ", activationCode: eeiotcu3lenedjmr", "activationCode", "16 Base32 characters"),
        token(seed + ", activationCode: EEIOTCU3LENEDJMR", "", "'activationExpires' is missing"),
        token(lodged + ", period: 45", "period", "30 or 60"),
        token(lodged + ", digits: 7", "digits", "6 or 8"),
        token(lodged + ", type: motp", "type", "totp or hotp"),
        token(lodged + ", osVersion: x", "osVersion", "needs 'mobileID'"),
        token(lodged + ", mobileID: x, osVersion: 0123456789abcdef", "osVersion", "0 to 15 characters"),
        token("digits: 6", "digits", "needs 'seed'"),
        token("lapses: 2026-11-24T08:00:00Z", "lapses", "needs 'seed'"),
        token(lodged + ", lapses: soon", "lapses", "a time such as"),
        token(
            "state: provisioned, lapses: 2026-11-24T08:00:00Z, " + lodged,
            "state",
            "pending or expired or available"
        ),
        token("mobileID: x", "mobileID", "needs 'seed'"),
        Case(
            9,
            "- { serial: FTKMOB0000000002, license: EFTM000000000001 }",
            "tokens[1].license",
            "is of size 1, and this is one token more"
        ),
        Case(
            9,
            "- { serial: FTKMOB0000000001, license: FTMTRIAL00000001 }",
            "tokens[1].serial",
            "FTKMOB0000000001 stands twice"
        ),
    ]

    private static func license(_ fields: String, _ key: String, _ reason: String) -> Case {
        let text = "- { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, \(fields) }"
        return Case(5, text, "licenses[0].\(key)", reason)
    }

    private static func token(_ fields: String, _ key: String, _ reason: String) -> Case {
        let text = "- { serial: FTKMOB0000000001, license: EFTM000000000001, \(fields) }"
        return Case(8, text, key.isEmpty ? "tokens[0]" : "tokens[0].\(key)", reason)
    }

    private static let chance = Chance(seed: 1)

    @Test func `the document without an error is read`() throws {
        _ = try RegistryDocument.read(Self.lines.joined(separator: "\n"), chance: Self.chance)
    }

    @Test(arguments: devices + licenses + tokens)
    func `a document with an error is refused with its path, line and reason`(wrong: Case) throws {
        var lines = Self.lines
        if wrong.line > lines.count { lines.append("") }
        lines[wrong.line - 1] = "  " + wrong.text
        let error = #expect(throws: DocumentError.self) {
            try RegistryDocument.read(lines.joined(separator: "\n"), chance: Self.chance)
        }
        #expect(error?.path == wrong.path)
        #expect(error?.line == wrong.line)
        #expect(error?.reason.contains(wrong.reason) == true, "\(error.map(\.description) ?? "")")
    }

    @Test(arguments: [
        ("", "empty"), ("# nothing\n", "empty"), ("devices: [", "no valid YAML"), ("- a", "must be a mapping"),
        ("device: []", "'device' is unknown"), ("devices: 3", "must be a list"),
        ("devices: &a []\nlicenses: *a", "anchors and aliases"), ("devices:\n- &a {}", "anchors and aliases"),
        ("{}\n---\n{}", "more than one document"), ("? [a]\n: b", "a key is a list"),
        (String(repeating: "[", count: 100_000), "no valid YAML"), ("devices: \"\u{0}\"", "no valid YAML"),
    ])
    func `a text that is no document is refused`(text: String, reason: String) {
        let error = #expect(throws: DocumentError.self) { try RegistryDocument.read(text, chance: Self.chance) }
        #expect(error?.reason.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }

    /// Only the first thing that was wrong used to be told, so that a document took as many tries as it had errors.
    @Test func `everything that is wrong is told at once, with its place and value`() throws {
        let text = """
            devices:
              - { serial: fg-a, registered: yes, colour: red }
              - { serial: FG-B, model: [] }
            licenses:
              - { number: EFTM1, size: many }
              - { number: EFTM000000000002, code: SECRET, size: 0 }
            tokens: none
            units: []
            """
        let error = try #require(throws: DocumentError.self) { try RegistryDocument.read(text, chance: Self.chance) }
        #expect(
            error.all.map { "\($0.path):\($0.line ?? 0)" } == [
                "devices[0]:2", "devices[0].registered:2", "devices[0].serial:2", "devices[1].model:3",
                "licenses[0].number:5", "licenses[0]:5", "licenses[0].size:5", "licenses[1].code:6",
                "licenses[1].size:6", "tokens:7", ":8",
            ]
        )
        #expect(error.description.contains("must be true or false, not \"yes\"\n"))
        #expect(error.description.contains("not \"EFTM1\"\n"))
        #expect(!error.description.contains("SECRET"))
    }

    // A field report: a bad number hid what else was wrong with its license, and a bad owner what was with its cluster.
    @Test(arguments: [
        ("{ number: EFTM12, code: 1234, size: 100000000 }", [".number", ".code", ".size"]),
        ("{ code: 1234, size: many, validUntil: soon }", ["", ".code", ".size", ".validUntil"]),
        ("{ number: FTMTRIALx, code: 1234, owner: FG-A }", [".number", ".code"]),
        (
            "{ number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 2, owner: fg-a, cluster: [fg-b, FG-A, fg-c] }",
            [".owner", ".cluster[0]", ".cluster[2]"]
        ),
    ])
    func `one member that is wrong hides no other of its entry`(license: String, paths: [String]) throws {
        let text = "devices: [{ serial: FG-A }]\nlicenses:\n  - \(license)\n"
        let error = try #require(throws: DocumentError.self) { try RegistryDocument.read(text, chance: Self.chance) }
        #expect(Set(error.all.map(\.path)) == Set(paths.map { "licenses[0]\($0)" }), "\(error)")
    }

    @Test func `everything in which entries contradict each other is told at once`() throws {
        let text = """
            devices: [{ serial: FG-A }]
            licenses:
              - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 1, owner: FG-B }
              - { number: EFTM000000000002, code: 0000-0000-0000-0000-0001, size: 1, owner: FG-C }
            tokens:
              - { serial: FTKMOB0000000001, license: EFTM000000000009 }
            """
        let error = try #require(throws: DocumentError.self) { try RegistryDocument.read(text, chance: Self.chance) }
        #expect(
            error.all.map(\.path) == [
                "licenses[0].owner", "licenses[1].owner", "licenses[1].code", "tokens[0].license",
            ]
        )
    }

    @Test func `more than twenty things that are wrong are counted`() throws {
        let lines = (0..<50).map { "  - { serial: wrong\($0) }\n" }.joined()
        let error = try #require(throws: DocumentError.self) {
            try RegistryDocument.read("devices:\n" + lines, chance: Self.chance)
        }
        #expect(error.all.count == 20 && error.untold == 30)
    }

    @Test func `no error repeats a code or a seed`() {
        let text = Self.lines.joined(separator: "\n")
            .replacing("0000-0000-0000-0000-0001", with: "SECRET-CODE")
        let error = #expect(throws: DocumentError.self) { try RegistryDocument.read(text, chance: Self.chance) }
        #expect(error?.description.contains("SECRET") == false)
        let broken = #expect(throws: DocumentError.self) {
            try RegistryDocument.read(text + "\n  - { seed: \"SECRET }", chance: Self.chance)
        }
        #expect(broken?.description.contains("SECRET") == false)
    }
}
