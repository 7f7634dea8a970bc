import Documents
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct JSONDocuments {
    private static let chance = Chance(seed: 9)

    private func models(_ text: String) throws -> [String?] {
        let text = "{ \"devices\": [ { \"serial\": \"FG-A\", \"model\": \(text) } ] }"
        return try RegistryDocument.read(text, chance: Self.chance).devices.map(\.model)
    }

    @Test(arguments: [
        (#""a\/b""#, "a/b"), (#""\"\\\b\f\n\r\t""#, "\"\\\u{8}\u{c}\n\r\t"), (#""\u00e9\u0000""#, "é\u{0}"),
        (#""\uD83D\uDE00""#, "😀"), (#""*a &b 😀""#, "*a &b 😀"), (#""null""#, "null"), (#""12""#, "12"),
        ("12", "12"),
    ])
    func `JSON's own texts are read`(text: String, model: String) throws {
        #expect(try models(text) == [model])
    }

    @Test func `a null is an absent field`() throws {
        #expect(try models("null") == [nil])
    }

    @Test(arguments: [
        ("{\"devices\": [}", "a value is missing"), ("{\"devices\": []", "a closing brace is missing"),
        ("{\"devices\": [] \"tokens\": []}", "a comma or a closing brace"), ("{\"devices\" []}", "a colon is missing"),
        ("{\"devices\": [],}", "a key in quotes is missing"), ("{devices: []}", "a key in quotes is missing"),
        ("{\"devices\": [{\"serial\": FG-A}]}", "a text without quotes"), ("{} {}", "something follows"),
        ("{\"devices\": [{\"serial\": 01}]}", "a text without quotes"), ("{\"devices\": [{\"serial\"", "a colon"),
        ("{\"devices\": [{\"serial\": \"FG", "in the middle of a text"),
        ("{\"devices\": [{\"model\": \"\\uD83D\"}]}", "surrogate"),
        ("{\"devices\": [{\"model\": \"\\uDE00\"}]}", "surrogate"),
        ("{\"devices\": [{\"model\": \"\\uD83D\\u0041\"}]}", "surrogate"),
        ("{\"devices\": [{\"model\": \"\\u00G0\"}]}", "four hexadecimal"),
        ("{\"devices\": [{\"model\": \"\\x\"}]}", "a backslash"), ("{\"devices\": [{\"model\": \"a\nb\"}]}", "control"),
        ("{\"devices\": \(String(repeating: "[", count: 100_000))", "nest deeper"),
        ("{\"devices\": [] // none\n}", "a comma or a closing brace"), ("{\u{FEFF}}", "a key in quotes"),
    ])
    func `what is no JSON is refused where JSON is asked for`(text: String, reason: String) {
        let error = #expect(throws: DocumentError.self) { try DocumentDraft.read(text, as: .json) }
        #expect(error?.reason.hasPrefix("no valid JSON: ") == true)
        #expect(error?.reason.contains(reason) == true, "\(error.map(\.description) ?? "")")
        #expect(error?.line != nil)
    }

    @Test(arguments: [
        ("{\n\"devices\": [\n{\"serial\": \"FG-A\"},\n{\"serial\":\n\"fg\"}]}", "devices[1].serial", 5, "up to 16"),
        ("{\n\"devices\": [\n{\"serial\": \"FG-A\",\n\"colour\": 1}]}", "devices[0]", 4, "'colour' is unknown"),
        ("{\"devices\": [\n{\"serial\": \"FG-A\", \"serial\": \"FG-B\"}]}", "devices[0]", 2, "'serial' stands twice"),
        ("{\"devices\": [],\n\"devices\": []}", "", 2, "'devices' stands twice"),
        ("{\"devices\":\n3}", "devices", 2, "must be a list"), ("{\"device\": []}", "", 1, "'device' is unknown"),
        ("[]", "", 1, "must be a mapping"), ("{\"devices\": [\n3]}", "devices[0]", 2, "must be a mapping"),
        (
            "{\"licenses\": [\n{\"number\": \"EFTM000000000001\",\n\"code\": \"0000-0000-0000-0000-0001\", \"size\": 1,\n"
                + "\"owner\":\n\"FG-A\"}]}", "licenses[0].owner", 5, "FG-A is no listed device"
        ),
    ])
    func `a document with an error is refused with its path and line`(
        text: String,
        path: String,
        line: Int,
        reason: String
    ) {
        let error = #expect(throws: DocumentError.self) {
            try DocumentDraft.read(text, as: .json).completed(Self.chance)
        }
        #expect(error?.path == path)
        #expect(error?.line == line)
        #expect(error?.reason.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }

    @Test func `lists may come in any order`() throws {
        let text = """
            {"tokens": [{"serial": "FTKMOB0000000001", "license": "EFTM000000000001"}],
            "licenses": [{"number": "EFTM000000000001", "code": "0000-0000-0000-0000-0001", "size": 1, "owner": "FG-A"}],
            "devices": [{"serial": "FG-A", "registered": true}]}
            """
        let document = try RegistryDocument.read(text, chance: Self.chance)
        #expect(document.tokens.count == 1)
        #expect(document.licenses.first?.owner?.description == "FG-A")
    }

    @Test func `what only looks like JSON is read as YAML unless JSON is asked for`() throws {
        let text = "{ \"devices\": [ { serial: FG-A } ] } # one"
        #expect(try RegistryDocument.read(text, chance: Self.chance).devices.count == 1)
        #expect(throws: DocumentError.self) { try DocumentDraft.read(text, as: .json) }
        let empty = RegistryDocument(devices: [], licenses: [], tokens: [])
        #expect(try DocumentDraft.read("{\"devices\": []}", as: .yaml).completed(Self.chance) == empty)
        #expect(throws: DocumentError.self) { try DocumentDraft.read(utf8: [0x7B, 0xFF, 0x7D], as: .json) }
    }

    @Test func `every JSON text cut short is refused, and none stops the process`() throws {
        var random = SeededRandom(seed: 4)
        let bytes = Array(try RegistryGenerator.document(&random).text(as: .json, now: 0).utf8)
        for length in 0..<(bytes.count - 2) {
            let cut = Array(bytes.prefix(length))
            guard String(validating: cut, as: UTF8.self) != nil else { continue }
            #expect(throws: DocumentError.self) { try DocumentDraft.read(utf8: cut, as: .json) }
        }
    }
}
