import TestKit
import Testing

/// Fault rules in an operator's hands: what is taken, refused and told of.
@Suite("Admin, fault rules", .timeLimit(.minutes(2)))
struct AdminFaultTests {
    private let faults = AdminPlane.lab() + "/faults"

    @Test func `the answer says where the rule is`() async throws {
        try await ServiceWorld.run { world in
            let rule = "name: slow\ndo: http.delay\nwith: { latency: 1ms }\nwhen: { serial: FG*, path: /SoftToken/* }\n"
            let made = try await world.ask("POST", faults, rule, fields: ["Content-Type: application/yaml"])
            #expect(made.status == 201, "\(made.body)")
            #expect(made.value(of: "location") == "\(faults)/slow", "\(made.fields)")
            #expect(made.body.contains(#""when":{"serial":"FG*","path":"/SoftToken/*"}"#))
            #expect(try await world.admin.get(faults + "/slow").string("do") == "http.delay")
        }
    }

    @Test func `rules that cannot work are refused with their wrong value`() async throws {
        let cases: [(body: String, path: String?, words: String)] = [
            (FaultRule.json("http.status", with: ["code": 99]), "with.code", "99 is out of range: 200 to 599"),
            (FaultRule.json("http.statu", with: ["code": 500]), "do", "no effect has the name"),
            (FaultRule.json("http.status", with: ["cod": 500]), "with.cod", "has no such parameter"),
            (FaultRule.json("http.empty", when: ["seral": "FG*"]), "when.seral", "a rule matches on"),
            (FaultRule.json("http.empty", when: ["listener": "elsewhere"]), "when.listener", "there are main"),
            (#"{"do":"http.empty","for":10}"#, "for", "it is a duration"),
            (#"{"do":"http.empty","skip":"1"}"#, "skip", "it is a whole number"),
            (#"[{"do":"http.empty"}]"#, nil, "a rule is an object, not a list"),
            ("nonsense", nil, "no valid JSON"),
        ]
        let suggestions = ["do": ["http.status"], "with.cod": ["code"], "when.seral": ["serial"]]
        try await ServiceWorld.run { world in
            let admin = world.admin
            for (body, path, words) in cases {
                let reply = try await admin.post(faults, body)
                #expect(
                    // Where the listeners are others, the same rule is taken.
                    reply.status == (path == "when.listener" ? 409 : 422)
                        && reply.string("type") == "urn:fauxguard:problem:bad-rule",
                    "\(reply.text)"
                )
                #expect(reply.string("path") == path, "\(reply.text)")
                #expect(reply.string("reason")?.contains(words) == true, "\(reply.text)")
                #expect(reply.strings("suggestions") == path.flatMap { suggestions[$0] }, "\(reply.text)")
            }
            let yaml = try await admin.call(
                "POST",
                faults,
                "do: tls.version\nwith:\n  min: 1.7\n",
                type: "application/yaml"
            )
            #expect(yaml.string("path") == "with.min" && yaml.int("line") == 3, "\(yaml.text)")
            #expect((try await admin.get(faults)["items"] as? [Any])?.isEmpty == true)

            let named = FaultRule.json("http.lost", named: "lost")
            #expect(try await admin.post(faults, named).status == 201)
            #expect(try await admin.post(faults, named).status == 409)
            let wrong = try await admin.get(faults + "/losst")
            #expect(wrong.status == 404 && wrong.strings("suggestions") == ["lost"], "\(wrong.text)")
        }
    }

    @Test func `the catalogue has every effect, in pages and one by one`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let all = try await admin.get("/api/v1/faults/catalogue?limit=1000")
            let names = (all["items"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            #expect(names.count >= 38 && all["next"] == nil)
            let first = try await admin.get("/api/v1/faults/catalogue?limit=30")
            let next = try #require(first.string("next"))
            let rest = try await admin.get("/api/v1/faults/catalogue?cursor=\(next)")
            #expect(rest.string("items.0.name") == names[30])
            let effect = try await admin.get("/api/v1/faults/catalogue/http.status")
            #expect(effect.string("parameters.0.name") == "code" && effect["parameters.0.required"] as? Bool == true)
            #expect(effect.string("parameters.0.range") == "200 to 599" && effect["ends"] as? Bool == true)
            #expect(effect.string("observed.0.client") == "curl" && effect.string("expected") != nil)
            let wrong = try await admin.get("/api/v1/faults/catalogue/http.satus")
            #expect(wrong.status == 404 && wrong.strings("suggestions") == ["http.status"], "\(wrong.text)")
        }
    }

    // Defect: a serial that no unit has, a license or token that the lab does not know, a name that the certificate
    // does not carry were all taken without a word.
    @Test func `what the lab does not have is taken with a note`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let path = AdminPlane.lab() + "/faults"
            let cases: [(when: [String: String], words: String?)] = [
                (["serial": "FGT60FTK20000001"], nil), (["serial": "FGT60*"], nil),
                (["serial": "FGT"], "FGT* matches those that begin so"),
                (["serial": "FGX*"], "no unit of the lab has a serial that begins with FGX"),
                (["serial": "FGX"], "no unit of the lab has the serial FGX"),
                (["license": "EFTM000000009999"], "no license EFTM000000009999"),
                (["license": "EFTM000000000001"], nil), (["token": "FTKMOB9999999999"], "no token FTKMOB9999999999"),
                (["token": "FTKMOB947FDC1754"], nil), (["sni": "nobody.example"], "does not carry nobody.example"),
                (["sni": "GlobalFTM.fortinet.net."], nil), (["sni": "*.fortinet.net"], nil),
            ]
            for (number, (when, words)) in cases.enumerated() {
                let latency = ["latency": "1ms"]
                let rule = FaultRule.json("http.delay", named: "r\(number)", with: latency, when: when, times: 1)
                let added = try await admin.post(path, rule)
                #expect(added.status == 201, "\(added.text)")
                let notes = added.strings("notes") ?? ["none were told"]
                #expect(words.map { notes.count == 1 && notes[0].contains($0) } ?? notes.isEmpty, "\(when): \(notes)")
                // As the API prints it, it is accepted again.
                let shown = try await admin.get(path + "/r\(number)")
                #expect(shown.strings("notes") == notes)
                #expect(try await admin.call("DELETE", path + "/r\(number)").status == 204)
                #expect(try await admin.post(path, shown.text).status == 201)
            }
        }
    }
}
