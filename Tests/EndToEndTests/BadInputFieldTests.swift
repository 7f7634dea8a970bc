import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct BadInputFieldTests {
    /// One document, where it is posted, and the code that must stand at the answer's top.
    private struct Trial: Sendable {
        let name: String
        let body: String
        let path: String
        let code: Int
    }

    private static let unit = "\"serial_number\":\"FG100FTK20009876\""
    private static let cluster = "\"__clustered_sns\":[{\"sn\":\"FG100FTK20009876\"}]"
    private static let phone = "\"mobile_id\":\"0123456789abcdef\""
    private static let claim = "\"token_activation_code\":\"0011223344556677\""

    /// The members of each type's request, by name, and which of them it cannot do without.
    private static let types:
        [(type: String, path: String, members: [(name: String, text: String)], required: Set<String>)] = [
            (
                "ActivationLicenseRequest", TestClient.process,
                [
                    ("serial_number", unit), ("__clustered_sns", cluster),
                    ("license_activation_code", "\"license_activation_code\":\"1A2B-3C4D-5E6F-7081-92A3\""),
                ], ["serial_number", "license_activation_code"]
            ),
            (
                "PollingRequest", TestClient.process,
                [
                    ("serial_number", unit), ("__clustered_sns", cluster),
                    ("tokens", "\"tokens\":[{\"token\":\"FTKMOB947FDC1754\"}]"),
                ], ["serial_number", "tokens"]
            ),
            (
                "MobileProvisionRequest", TestClient.mobile, [("mobile_id", phone), ("token_activation_code", claim)],
                ["mobile_id", "token_activation_code"]
            ),
        ]

    /// Values that no member takes.
    private static let wrong = ["1", "-0.5", "true", "{}", "{\"sn\":1}", "[1]", "[[]]", "[null]"]
    /// Texts that a serial, a code or a phone's identifier is not; the last is larger than any bound but the body's.
    private static let wrongTexts = [
        "", " ", "FG100FTK20009876X", "fg100 ftk", "../../x", "' OR 1=1 --", "%00", "FG100FTK2000987\\u0000",
        String(repeating: "A", count: 500_000),
    ]

    private static var trials: [Trial] {
        var trials: [Trial] = []
        for (type, path, members, required) in types {
            func add(_ name: String, _ changed: [String], code: Int = 904) {
                let body = (["\"__type\":\"SoftToken.\(type)\""] + changed).joined(separator: ",")
                trials.append(Trial(name: "\(type): \(name)", body: "{\"d\":{\(body)}}", path: path, code: code))
            }
            for (index, member) in members.enumerated() {
                var others = members.map(\.text)
                others.remove(at: index)
                if required.contains(member.name) {
                    add("without \(member.name)", others)
                    add("\(member.name) null", others + ["\"\(member.name)\":null"])
                }
                // An entry of the wrong kind is a token refused for itself, which the other test is about.
                for value in wrong where member.name != "tokens" || !value.hasPrefix("[") {
                    add("\(member.name) \(value)", others + ["\"\(member.name)\":\(value)"])
                }
                guard member.name != "tokens", member.name != "__clustered_sns" else { continue }
                // A claim that is no code is one that nobody was given: refused as such, not as malformed.
                let code = member.name == "token_activation_code" ? 40 : 904
                for text in wrongTexts where member.name != "mobile_id" || text.isEmpty || text.utf8.count > 64 {
                    add(
                        "\(member.name) \"\(text.prefix(20))\"",
                        others + ["\"\(member.name)\":\"\(text)\""],
                        code: code
                    )
                }
            }
            let rest = members.map(\.text)
            for header in ["__version", "__device_version", "__device_build"] {
                for value in ["4", "[]", "\"\(String(repeating: "9", count: 33))\""] {
                    add("\(header) \(value)", rest + ["\"\(header)\":\(value)"])
                }
            }
        }
        let peers = Array(repeating: "{\"sn\":\"FG100FTK20009876\"}", count: 33).joined(separator: ",")
        trials.append(poll("33 peers", "\(unit),\"__clustered_sns\":[\(peers)],\"tokens\":[]"))
        return trials + unknownTypes
    }

    private static func poll(_ name: String, _ members: String) -> Trial {
        let body = "{\"d\":{\"__type\":\"SoftToken.PollingRequest\",\(members)}}"
        return Trial(name: name, body: body, path: TestClient.process, code: 904)
    }

    private static var unknownTypes: [Trial] {
        let values = [
            "null", "1", "{}", "[]", "\"\"", "\"SoftToken.pollingrequest\"", "\"SoftToken.PollingRequest \"",
            "\"SoftToken.PollingResponse\"", "\"PollingRequest\"", "\"SoftToken.MobileProvisionRequest\"",
            "\"\(String(repeating: "x", count: 10_000))\"",
        ]
        var trials = values.map { value in
            Trial(
                name: "__type \(value.prefix(40))",
                body: "{\"d\":{\"__type\":\(value),\(unit)}}",
                path: TestClient.process,
                code: 901
            )
        }
        trials.append(Trial(name: "no __type", body: "{\"d\":{\(unit)}}", path: TestClient.process, code: 901))
        let poll = "{\"d\":{\"__type\":\"SoftToken.PollingRequest\",\(unit),\"tokens\":[]}}"
        trials.append(
            Trial(name: "a unit's request on the phones' path", body: poll, path: TestClient.mobile, code: 901)
        )
        return trials
    }

    @Test func `each absent, wrong or oversize member is refused with its documented code`() async throws {
        let server = try await ServerProcess.start()
        let trials = Self.trials
        #expect(trials.count > 100)
        let answers = try await Blocking.run {
            let client = try server.connect()
            return try trials.map { try client.post($0.body, to: $0.path) }
        }
        for (trial, answer) in zip(trials, answers) {
            #expect(answer.status == 200, "\(trial.name): \(answer.text)")
            let d = BadInputDocumentTests.object(answer.body)?["d"] as? [String: Any]
            #expect(d.flatMap(BadInputDocumentTests.code) == trial.code, "\(trial.name): \(answer.text)")
        }
        try await server.terminate()
    }

    @Test func `a token that is wrong in itself is refused alone`() async throws {
        let good = """
            "token":"FTKMOB947FDC1754","seed":"00112233445566778899AABBCCDDEEFF00112233","code_expire":4320
            """
        let entries = [
            "1", "null", "[]", "{}", "{\"token\":1}", "{\"token\":\"\"}", "{\"token\":\"FTKMOB947FDC175\"}",
            "{\(good.replacing("00112233\"", with: "0011223\""))}",
            "{\(good.replacing("00112233\"", with: "0011223G\""))}",
            "{\(good.replacing("4320", with: "59"))}", "{\(good.replacing("4320", with: "10081"))}",
            "{\(good.replacing("4320", with: "4320.0"))}", "{\(good.replacing("4320", with: "\"4320\""))}",
            "{\(good.replacing("4320", with: "-4320"))}", "{\(good.replacing("4320", with: "99999999999999999999"))}",
            "{\(good),\"type\":\"sms\"}", "{\(good),\"period\":45}", "{\(good),\"digits\":7}",
            "{\(good),\"digits\":\"6\"}",
        ]
        let server = try await ServerProcess.start()
        let answers = try await Blocking.run {
            let client = try server.connect()
            return try entries.map { entry in
                let members = "\(Self.unit),\(Self.cluster),\"tokens\":[\(entry)]"
                return try client.post("{\"d\":{\"__type\":\"SoftToken.ProvisionRequest\",\(members)}}")
            }
        }
        for (entry, answer) in zip(entries, answers) {
            let d = BadInputDocumentTests.object(answer.body)?["d"] as? [String: Any]
            #expect(d.flatMap(BadInputDocumentTests.code) == 17, "\(entry): \(answer.text)")
            let token = (d?["tokens"] as? [[String: Any]])?.first
            #expect(token.flatMap(BadInputDocumentTests.code) == 904, "\(entry): \(answer.text)")
        }
        try await server.terminate()
    }
}
