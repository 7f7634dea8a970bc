import Notation
import Testing

@testable import Faults

/// Rules as they are written: read, written again, and refused with the value that is wrong.
@Suite struct RuleTests {
    /// The catalogue prints what is usual as a text, and the journal prints codes as numbers: both were not taken
    /// alike.
    @Test(arguments: [JSONValue.string("14"), .number(14)])
    func `a number is taken as a text, too`(code: JSONValue) throws {
        let rule = try Rule(
            .object([.init("do", .string("service.error")), .init("with", .object([.init("code", code)]))])
        )
        #expect(rule.arguments.map(\.value) == [code])
    }

    /// What the API prints of a rule was refused for the counters in it.
    @Test func `a rule is taken as it is shown`() throws {
        let shown = JSONValue.object([
            .init("name", .string("r")), .init("do", .string("http.empty")), .init("stage", .string("answer")),
            .init("matched", .integer(3)), .init("acted", .integer(1)), .init("missed", .object([])),
            .init("retired", .flag(false)), .init("expires", .null),
        ])
        #expect(try Rule(shown).name == "r")
    }

    @Test func `a rule is read with all that it says, and written as it was`() throws {
        let written: JSONValue = [
            "name": "dpi-on-branch-42",
            "when": ["listener": "main", "client": "127.0.0.0/8", "serial": "FG*"],
            "do": "http.status",
            "with": ["code": 503, "retryAfter": "5s", "headers": ["X-Lab": "1"]],
            "skip": 1, "times": 2, "probability": 0.5, "for": "10m",
        ]
        let rule = try Rule(written)
        #expect(rule.name == "dpi-on-branch-42")
        #expect(rule.effect.name == "http.status")
        #expect(rule.match.keys == [.listener, .client, .serial])
        #expect(rule.match.text(of: .client) == "127.0.0.0/8")
        #expect(rule.skip == 1 && rule.times == 2 && rule.probability == 0.5 && rule.lifetime == 600)
        #expect(rule.stage == .request)
        #expect(rule.value == written)
    }

    @Test func `what is left out is its default, and is not written`() throws {
        let rule = try Rule(["do": "http.empty", "name": nil, "when": nil, "with": nil, "skip": nil, "for": nil])
        #expect(rule.name.isEmpty)
        #expect(rule.match.isForAll)
        #expect(rule.skip == 0 && rule.times == nil && rule.probability == 1 && rule.lifetime == nil)
        #expect(rule.value == ["do": "http.empty"])
        #expect(rule.named("x").value == ["name": "x", "do": "http.empty"])
    }

    @Test(
        arguments: [
            ("tcp.refuse", [:], [:], Stage.listener),
            ("tcp.reset", [:], [:], .accept),
            ("tcp.reset", ["sni": "a.test"], [:], .hello),
            ("tcp.reset", ["message": "PollingRequest"], [:], .request),
            ("tcp.reset", ["serial": "FG*"], [:], .request),
            ("tcp.reset", ["serial": "FG*"], ["after": "hello"], .hello),
            ("tcp.reset", [:], ["after": "bytes", "bytes": 10], .answer),
            ("tcp.blackhole", ["serial": "FG*"], ["hold": "1s"], .accept),
            ("tls.alert", ["client": "::1"], ["alert": "unknown_ca"], .hello),
            ("tls.abruptClose", [:], [:], .close),
            ("http.delay", ["license": "EFTM000000000001"], ["latency": "1s"], .request),
            ("http.lost", ["path": "/x*"], [:], .answer),
        ] as [(String, JSONValue, JSONValue, Stage)]
    )
    func `a rule is asked at the first stage at which its keys are known`(
        effect: String,
        when: JSONValue,
        with: JSONValue,
        stage: Stage
    ) throws {
        #expect(try Rule(["do": .string(effect), "when": when, "with": with]).stage == stage)
    }

    @Test func `an address has to tell the unit before the request, and only then`() throws {
        let cases: [(effect: String, when: JSONValue, needs: Bool)] = [
            ("tcp.blackhole", ["serial": "FG*"], true), ("tcp.blackhole", ["token": .string(Sample.token)], true),
            ("tcp.blackhole", ["client": "::1"], false), ("tcp.reset", ["serial": "FG*"], false),
        ]
        for (effect, when, needs) in cases {
            #expect(try Rule(["do": .string(effect), "when": when]).needsBinding == needs, "\(effect) \(when)")
        }
    }

    /// A rule, the path of what is wrong with it, and words of the reason.
    static let refused: [(JSONValue, String, String)] = [
        ([], "", "a rule is an object, not a list"),
        ("http.empty", "", "a rule is an object, not a string"),
        ([:], "do", "a rule names its effect"),
        (["do": 5], "do", "a rule names its effect"),
        (["do": "http.stat"], "do", "no effect has the name \"http.stat\"; there are http.status, "),
        (["do": "nonsense"], "do", "no effect has the name \"nonsense\""),
        (["do": "http.empty", "colour": "red"], "colour", "a rule has name, when, do"),
        (.object([.init("do", "http.empty"), .init("do", "http.empty")]), "do", "it is given twice"),

        // What could never match, and what a head would be written without.
        (["do": "http.empty", "when": ["sni": "*"]], "when.sni", "is no name"),
        (["do": "http.empty", "when": ["sni": "*fortinet.net"]], "when.sni", "is no name"),
        (["do": "http.empty", "when": ["sni": "a.*"]], "when.sni", "is no name"),
        (["do": "http.empty", "when": ["path": "/x?y=1"]], "when.path", "without its query"),
        (
            ["do": "http.empty", "when": ["path": .string("/" + String(repeating: "a", count: 200))]], "when.path",
            "200 bytes"
        ),
        (["do": "http.empty", "when": ["ja4": "chrome"]], "when.ja4", "is no JA4 fingerprint"),

        // Defect: rules that can never act were taken, and looked like rules that nobody needed.
        (["do": "http.empty", "when": ["sni": "https://a.test"]], "when.sni", "is a URL: give its host alone"),
        (["do": "http.empty", "when": ["sni": "https://a.test:443/x"]], "when.sni", "is a URL"),
        (["do": "http.empty", "when": ["sni": "a.test:443"]], "when.sni", "has a port"),
        (["do": "http.empty", "when": ["sni": "a.test/x"]], "when.sni", "has a path behind it"),
        (["do": "http.empty", "when": ["sni": "a test"]], "when.sni", "has a blank"),
        (["do": "http.empty", "when": ["sni": "a.test "]], "when.sni", "has a blank"),
        (["do": "http.empty", "when": ["sni": "a..test"]], "when.sni", "has an empty label"),
        (["do": "http.empty", "when": ["sni": ".a.test"]], "when.sni", "has an empty label"),
        (["do": "http.empty", "when": ["sni": "a.test.."]], "when.sni", "has an empty label"),
        // It was called `""`, which nobody had written.
        (["do": "http.empty", "when": ["sni": "."]], "when.sni", "\".\" is the root of all names, and no name"),
        // What steers a terminal was repeated as it was.
        (["do": "http.empty", "when": ["path": "/\u{1B}[31m"]], "when.path", "\"/?[31m\" holds what"),
        (["do": "http.empty", "when": ["sni": "a\u{1B}b"]], "when.sni", "\"a?b\" has a ?, which"),
        (["do": "http.empty", "when": ["client": "\u{1B}[2J"]], "when.client", "\"?[2J\" is no address"),
        (["do": "http.empty", "when": ["message": "\u{1B}"]], "when.message", "\"?\" is none of"),
        (["do": "\u{1B}c"], "do", "the name \"?c\""), (["do": "http.empty", "times": "\u{1B}"], "times", "not \"?\""),
        (["do": "http.redirect", "with": ["to": ""]], "with.to", "leads nowhere"),
        (["do": "http.empty", "when": ["sni": "*.*.test"]], "when.sni", "is no name"),
        (["do": "http.empty", "when": ["sni": "::1"]], "when.sni", "is an address"),
        (["do": "http.empty", "when": ["sni": "[::1]:443"]], "when.sni", "is an address"),
        (["do": "http.empty", "when": ["sni": "bücher.test"]], "when.sni", "xn--"),
        (["do": "http.empty", "when": ["sni": "a$.test"]], "when.sni", "has a $"),
        (
            ["do": "http.empty", "when": ["sni": .string(String(repeating: "a", count: 64) + ".test")]], "when.sni",
            "more than 63 bytes"
        ),
        (
            ["do": "http.empty", "when": ["sni": .string(String(repeating: "a.", count: 127) + "a")]], "when.sni",
            "longer than the 253 bytes"
        ),
        (["do": "http.empty", "when": ["path": "/a*b"]], "when.path", "has a * inside"),
        (["do": "http.empty", "when": ["path": "/*/Process"]], "when.path", "has a * inside"),
        (["do": "http.empty", "when": ["path": "/a**"]], "when.path", "has a * inside"),
        (["do": "http.empty", "when": ["path": "/a b"]], "when.path", "a blank as %20"),
        (["do": "http.empty", "when": ["path": "/é"]], "when.path", "as it is sent"),
        (["do": "http.empty", "when": ["path": "/x#y"]], "when.path", "without its query"),
        (["do": "http.empty", "when": ["path": "https://a.test/x"]], "when.path", "is a URL"),
        (["do": "http.empty", "when": ["client": "[::1]"]], "when.client", "is no address and no block"),
        (["do": "http.empty", "when": ["client": "127.0.0.1:8443"]], "when.client", "is no address and no block"),
        (["do": "http.empty", "when": ["client": "::1/129"]], "when.client", "is no address and no block"),
        (
            ["do": "http.empty", "when": ["ja4": "q13d1516h2_8daaf6152771_b186095e22b6"]], "when.ja4",
            "is no fingerprint of TLS over TCP"
        ),
        (["do": "http.empty", "when": ["ja4": "t99d1516h2_8daaf6152771_b186095e22b6"]], "when.ja4", "is no JA4"),
        (["do": "http.empty", "when": ["ja4": "t13x1516h2_8daaf6152771_b186095e22b6"]], "when.ja4", "is no JA4"),
        (["do": "http.empty", "when": ["ja4": "t13d1516h2_8daaf615277g_b186095e22b6"]], "when.ja4", "is no JA4"),
        (["do": "http.empty", "for": "1500ms"], "for", "whole seconds"),
        (["do": "http.contentType", "with": ["value": " text/html"]], "with.value", "with a blank"),
        (["do": "http.redirect", "with": ["to": "http://a.test/ "]], "with.to", "with a blank"),
        (["do": "http.truncate", "with": ["fraction": 1]], "with.fraction", "the whole body"),

        (["do": "http.empty", "name": ""], "name", "a name has 1 to 64 of"),
        // Clients take them for a folder, so that `DELETE …/faults/..` reached something else.
        (["do": "http.empty", "name": "."], "name", "alone is no name"),
        (["do": "http.empty", "name": ".."], "name", "alone is no name"),
        (["do": "http.empty", "name": "a b"], "name", "a name has 1 to 64 of"),
        (["do": "http.empty", "name": .string(String(repeating: "a", count: 65))], "name", "a name has 1 to 64 of"),
        (["do": "http.empty", "name": 5], "name", "a name has 1 to 64 of"),
        (["do": "http.empty", "skip": -1], "skip", "a whole number from 0 on"),
        (["do": "http.empty", "skip": 1.5], "skip", "a whole number from 0 on"),
        (["do": "http.empty", "skip": "2"], "skip", "a whole number from 0 on"),
        (["do": "http.empty", "times": 0], "times", "a whole number from 1 on"),
        (["do": "http.empty", "times": 1_000_000_001], "times", "a whole number from 1 on"),
        (["do": "http.empty", "probability": 1.1], "probability", "a number from 0 to 1"),
        (["do": "http.empty", "probability": "half"], "probability", "a number from 0 to 1"),
        (["do": "http.empty", "for": 10], "for", "a duration of a second or more"),
        (["do": "http.empty", "for": "999ms"], "for", "a duration of a second or more"),
        (["do": "http.empty", "for": "10 min"], "for", "a duration of a second or more"),

        (["do": "http.empty", "when": "always"], "when", "it is a string, not an object"),
        (["do": "http.empty", "when": ["colour": "red"]], "when.colour", "a rule matches on listener, sni"),
        (["do": "http.empty", "when": ["serial": ""]], "when.serial", "it is an empty string"),
        (["do": "http.empty", "when": ["serial": 5]], "when.serial", "not a string"),
        (["do": "http.empty", "when": ["serial": 7]], "when.serial", "it is a number, not a string"),
        (["do": "http.empty", "when": ["serial": "lower"]], "when.serial", "\"lower\" is no serial"),
        (["do": "http.empty", "when": ["serial": "FG*1"]], "when.serial", "is no serial"),
        (["do": "http.empty", "when": ["client": "localhost"]], "when.client", "is no address and no block"),
        (["do": "http.empty", "when": ["client": "10.0.0.0/33"]], "when.client", "is no address and no block"),
        (["do": "http.empty", "when": ["license": "EFTM1"]], "when.license", "is no license number"),
        (["do": "http.empty", "when": ["token": "FTK1"]], "when.token", "is no token's serial"),
        (["do": "http.empty", "when": ["message": "Poll"]], "when.message", "is none of ActivationLicenseRequest, "),
        (["do": "http.empty", "when": ["path": "x"]], "when.path", "is no path: it begins with /"),
        (
            ["do": "http.empty", "when": .object([.init("sni", "a.test"), .init("sni", "b.test")])], "when.sni",
            "it is given twice"
        ),

        (["do": "http.status"], "with.code", "http.status needs it: the status"),
        (["do": "http.status", "with": []], "with", "it is a list, not an object"),
        (
            ["do": "http.status", "with": ["kode": 1]], "with.kode",
            "http.status has no such parameter: it takes code, "
        ),
        (["do": "http.empty", "with": ["code": 1]], "with.code", "http.empty takes no parameter"),
        (["do": "http.status", "with": ["code": 99]], "with.code", "99 is out of range: 200 to 599"),
        (["do": "http.status", "with": ["code": 200.5]], "with.code", "200.5 is no whole number"),
        (["do": "http.status", "with": ["code": "5o3"]], "with.code", "it is a string, not a whole number"),
        (
            ["do": "http.status", "with": ["code": 503, "retryAfter": 5]], "with.retryAfter",
            "a duration carries its unit"
        ),
        (
            ["do": "http.status", "with": ["code": 503, "retryAfter": "5"]], "with.retryAfter",
            "\"5\" is no duration: a number and ms, s, m, h or d"
        ),
        (
            ["do": "http.status", "with": ["code": 503, "retryAfter": "2d"]], "with.retryAfter",
            "2d is out of range: 0s to 1d"
        ),
        (
            ["do": "http.status", "with": ["code": 503, "headers": ["X": 1]]], "with.headers",
            "each of its values is a string"
        ),
        (
            ["do": "http.status", "with": ["code": 503, "headers": ["X": "a\r\nb"]]], "with.headers.X", ""
        ),
        (
            ["do": "http.status", "with": .object([.init("code", 503), .init("code", 500)])], "with.code",
            "it is given twice"
        ),
        // The first of two fields of a name was sent, and nobody was told.
        (
            ["do": "http.status", "with": ["code": 503, "headers": .object([.init("X", "1"), .init("X", "2")])]],
            "with.headers", "\"X\" is given twice"
        ),
        (["do": "http.truncate", "with": ["fraction": 1.5]], "with.fraction", "1.5 is out of range: 0.0 to 1.0"),
        (["do": "http.truncate", "with": ["fraction": 0.5, "bytes": 1]], "with", "exclude each other"),
        (["do": "http.length", "with": ["delta": 0]], "with.delta", "0 would be the truth"),
        (["do": "http.redirect", "with": ["code": 304]], "with.code", "304 is none of 301, 302"),
        (["do": "http.redirect", "with": ["to": "a\nb"]], "with.to", ""),
        (["do": "tls.alert", "with": ["alert": "panic"]], "with.alert", "\"panic\" is none of "),
        (["do": "tls.ciphers", "with": ["list": []]], "with.list", "it is a list of names, not empty"),
        (["do": "tls.ciphers", "with": ["list": "A"]], "with.list", "it is a string, not a list of names"),
        (["do": "tls.version"], "with", "needs min or max, or both"),
        (["do": "tls.version", "with": ["min": "1.3", "max": "1.2"]], "with.min", "1.3 is above max, 1.2"),
        (["do": "tls.version", "with": ["min": 1.2]], "with.min", "it is a number, not a string"),
        (["do": "tcp.reset", "with": ["bytes": 3]], "with.bytes", "it goes with after: bytes"),
        (["do": "service.dropField", "with": ["field": "a..b"]], "with.field", "\"a..b\" is no path"),
        (["do": "service.wrongSerial", "with": ["serial": "no"]], "with.serial", "\"no\" is no serial"),

        (["do": "tcp.refuse", "when": ["client": "::1"]], "when.client", "matches on a listener only"),
        (["do": "tcp.refuse", "times": 2], "", "it takes neither skip, times nor probability"),
        (
            ["do": "tcp.blackhole", "when": ["sni": "a.test"]], "when.sni",
            "acts before anybody can know it (at accept)"
        ),
        (
            ["do": "tls.certificate", "with": ["profile": "dpi"], "when": ["message": "PollingRequest"]],
            "when.message", "acts before anybody can know it (at hello)"
        ),
    ]

    @Test(arguments: refused)
    func `a rule that cannot work is refused, and its wrong value named`(
        value: JSONValue,
        path: String,
        reason: String
    ) {
        let defect = #expect(throws: RuleDefect.self) { try Rule(value) }
        #expect(defect?.path == path)
        #expect(
            defect.map { reason.isEmpty ? !$0.reason.isEmpty : $0.reason.contains(reason) } == true,
            "\(defect.debugDescription)"
        )
    }
}
