import Documents
import Faults
import Lab
import Testing

/// A scenario's file, read whole or refused with path, line and reason.
@Suite("Reading scenarios") struct ScenarioReadingTests {
    private static let sound = """
        title: t
        symptom: s
        published: p
        see:
          - what: w
            body: { "d": {} }
        faults:
          - { do: tcp.close }

        """

    private func refusal(_ text: String, named name: String = "a") -> String? {
        do throws(DocumentError) {
            _ = try Scenario(Array(text.utf8), named: name)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a file says all that is needed, and no more`() throws {
        let scenario = try Scenario(Array(Self.sound.utf8), named: "a")
        #expect(scenario.rules.map(\.name) == ["a.1"])
        #expect(scenario.sights.map(\.times) == [1])
        #expect(refusal(Self.sound + "name: a\n") == nil)
    }

    @Test(arguments: [
        ("nmae: a\n", "line 9: the key 'nmae' is unknown; "),
        ("name: b\n", "name (line 9): must be 'a', as the file's name is"),
        ("clock: { mode: stopped }\n", "clock.mode (line 9): must be one of running, frozen"),
        ("clock: { now: 2027 }\n", "clock.now (line 9): must be a time such as "),
        ("clock: {}\n", "clock (line 9): give mode or now"),
        ("steps: { expire: FTKMOB0000000001 }\n", "steps (line 9): must be a list"),
        ("steps:\n  - expire: X\n", "steps[0].expire (line 10): must be a token's serial"),
        ("steps:\n  - { forget: FTKMOB0000000001 }\n", "steps[0] (line 10): the key 'forget' is unknown; "),
        ("steps:\n  - { replace: { device: FGT1 } }\n", "steps[0].replace (line 10): 'with' is missing; "),
        ("steps:\n  - {}\n", "steps[0] (line 10): a step is one of transfer, replace and expire"),
        ("registry: { units: [] }\n", "registry (line 9): the key 'units' is unknown; "),
        ("registry:\n  devices:\n    - { serial: x }\n", "registry.devices[0].serial (line 11): must be a serial"),
        (
            "registry:\n  tokens:\n    - { serial: FTKMOB0000000001, license: EFTM000000000001 }\n",
            "registry.tokens[0].license (line 11): "
        ),
    ])
    func `a member that is wrong is named`(more: String, reason: String) {
        let refusal = refusal(Self.sound + more)
        #expect(refusal?.hasPrefix(reason) == true, "\(refusal ?? "not refused")")
    }

    @Test(arguments: [
        ("title: t\n", "", "line 1: 'title' is missing; it must be a text"),
        ("    body: { \"d\": {} }\n", "", "see[0] (line 5): 'body' must be the request's object"),
        ("body: { \"d\": {} }", "body: text", "see[0].body (line 6): 'body' must be the request's object"),
        ("what: w", "times: 1", "see[0] (line 5): 'what' is missing; it must be a text"),
        ("what: w", "what: w\n    curl: 7\n    status: 200", "see[0].curl (line 6): where no answer comes "),
        ("what: w", "what: w\n    times: 0", "see[0].times (line 6): must be a whole number from 1 to 20"),
        ("what: w", "what: w\n    send: Poll", "see[0].send (line 6): must be one of Process, Mobile"),
        ("what: w", "what: w\n    host: a.test", "see[0].host (line 6): must be one of globalftm.fortinet.net, "),
        ("what: w", "what: w\n    answer: [[]]", "see[0].answer[0] (line 6): must be a text that the answer holds"),
        (
            "what: w", "what: w\n    journal: { colour: red }",
            "see[0].journal (line 6): colour: no filter has this name; "
        ),
        ("tcp.close", "tcp.shut", "faults[0].do (line 8): no effect has the name \"tcp.shut\""),
        (
            "- { do: tcp.close }", "- { name: x, do: tcp.close }\n  - { name: x, do: tcp.close }",
            "faults[1].name (line 9): x "
        ),
        ("faults:\n  - { do: tcp.close }\n", "", "line 1: a scenario has 'registry' or 'faults', "),
    ])
    func `what is needed and missing, or of another shape, is named`(part: String, other: String, reason: String) {
        let refusal = refusal(Self.sound.replacing(part, with: other))
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "not refused")")
    }

    @Test(arguments: ["", "A", "a b", "-a", String(repeating: "a", count: 41)])
    func `a file's name can be a scenario's`(name: String) {
        #expect(refusal(Self.sound, named: name) == "the file's name must be of a-z, 0-9 and -, 40 at most")
    }

    @Test func `a command can be copied into a shell, whatever the request holds`() throws {
        let text = Self.sound.replacing("\"d\": {}", with: "\"d\": \"it's\"")
        let sight = try #require(try Scenario(Array(text.utf8), named: "a").sights.first)
        let command = sight.command(at: "[::1]:8443", lab: "b", certificates: "./data/pki")
        #expect(command.contains("--connect-to '::[::1]:8443' --header 'X-FauxGuard-Lab: b' "))
        #expect(command.contains("--cacert './data/pki/ca.pem'"))
        #expect(command.contains(#"--data-binary '{"d":"it'\''s"}'"#))
        #expect(command.hasSuffix(" https://globalftm.fortinet.net/SoftToken/Provisioning.asmx/Process"))
    }
}
