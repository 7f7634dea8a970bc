import SoftToken
import Testing

@testable import Journal

@Suite struct RedactionTests {
    private static let seed = "0123456789abcdef0123456789ABCDEF01234567"
    private static let code = "ABCDEFGHIJKLMNOP"

    @Test(
        arguments: [
            (#"{"seed":"SEED","x":1}"#, #"{"seed":"***","x":1}"#), (#"{"seed" : "SEED"}"#, #"{"seed" : "***"}"#),
            (#"{"Seed":"SEED"}"#, #"{"Seed":"***"}"#), (#"{"seed":null,"token":"T"}"#, #"{"seed":null,"token":"T"}"#),
            (#"{"seed":12345}"#, #"{"seed":***}"#), (#"{"seed":""}"#, #"{"seed":""}"#),
            (
                #"{"token_activation_code":"CODE","qr_code":"CODE"}"#,
                #"{"token_activation_code":"***","qr_code":"***"}"#
            ),
            (#"{"license_activation_code":"short"}"#, #"{"license_activation_code":"***"}"#),
            (#"{"activation_code":"x\"y\\","z":1}"#, #"{"activation_code":"***","z":1}"#),
            (#"{"se\u0065d":"secret"}"#, #"{"se\u0065d":"***"}"#), (#"{"seed":["secret","more"]}"#, #"{"seed":***"#),
            (#"{"seed":{"a":"secret"},"b":1"#, #"{"seed":***"#),
            // Broken in the ways that bodies break.
            (#"{"seed":"secr"#, #"{"seed":"***"#), (#"{"seed":"secret"#, #"{"seed":"***"#),
            (#"{"seed":"#, #"{"seed":"#),
            (#"{"seed"#, #"{"seed"#), (#"seed":"secret","x":1"#, #"seed":"***","x":1"#),
            (#"{seed:secret,x:1}"#, "{seed:***,x:1}"),
            ("{'seed':'secret'}", "{'seed':'***'}"), ("seed=secret&x=1", "seed=***&x=1"),
            ("<seed>secret</seed>", "<seed>***</seed>"),
            (#"{"d":"{\"seed\":\"secret\",\"x\":1}"}"#, #"{"d":"{\"seed\":\"***\",\"x\":1}"}"#),
            (#""oops "seed": "secret""#, #""oops "seed": "***""#),
            // By their form, wherever they stand.
            ("x SEED y", "x *** y"), (#"["SEED"]"#, #"["***"]"#), ("1A2B-3C4D-5E6F-7081-92a3.", "***."),
            (#"{"code":"0F1E-2D3C-4B5A-6978-8796"}"#, #"{"code":"***"}"#),
            // What is no secret stays.
            (#"{"message":"field is missing: seed","x":1}"#, #"{"message":"field is missing: seed","x":1}"#),
            (#"{"seeds":"all","reseed":"x"}"#, #"{"seeds":"all","reseed":"x"}"#),
            (
                #"{"serial_number":"FGT60FTK20000001","token":"FTKMOB947FDC1754"}"#,
                #"{"serial_number":"FGT60FTK20000001","token":"FTKMOB947FDC1754"}"#
            ),
            ("1A2B-3C4D-5E6F-7081", "1A2B-3C4D-5E6F-7081"), ("11A2B-3C4D-5E6F-7081-92A3", "11A2B-3C4D-5E6F-7081-92A3"),
            ("HASH", "HASH"), ("", ""),
        ]
    )
    func `secrets are hidden, and nothing else`(text: String, shown: String) {
        let shown = shown.replacing("HASH", with: Self.seed + Self.seed.prefix(24))
        let filled = text.replacing("SEED", with: Self.seed).replacing("CODE", with: Self.code)
            .replacing("HASH", with: Self.seed + Self.seed.prefix(24))
        #expect(String(decoding: Redaction.redacted(filled.utf8), as: UTF8.self) == shown)
    }

    @Test func `text in two bytes a character hides its own`() {
        let wide = #"{"seed":"secret","x":1}"#.utf8.flatMap { byte -> [UInt8] in [byte, 0] }
        #expect(String(decoding: Redaction.redacted(wide), as: UTF8.self) == #"{"seed":"***","x":1}"#)
        let binary: [UInt8] = [0, 1, 2, 0, 0xFF]
        #expect(Redaction.redacted(binary) == binary)
    }

    @Test func `cut at any byte, nothing of a secret is left`() {
        let body = Array(#"{"d":{"tokens":[{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","x":1}]}}"#.utf8)
        for count in 0...body.count {
            let shown = String(decoding: Redaction.redacted(body.prefix(count)), as: UTF8.self)
            #expect(!shown.contains("0123"), "cut at \(count)")
        }
    }

    @Test func `what the service itself writes and reads hides its secrets`() throws {
        var body: [UInt8] = []
        let token = try #require(TokenSerial("FTKMOB947FDC1754"))
        let license = try #require(LicenseNumber("EFTM000000000001"))
        let code = try #require(
            ActivationCode(Array("EAAAAAAAAAAAAAAB".utf8).span) ?? ActivationCode("GAAAAAAAAAAAAAAB")
        )
        let serial = try #require(Serial("FGT60FTK20000001"))
        let header = RequestHeader(version: "4", deviceVersion: nil, deviceBuild: nil, serial: serial, cluster: [])
        AnswerWriter(errors: ErrorTable(), choices: WireChoices())
            .append(
                ProvisionOutcome(
                    tokens: [.provisioned(token: token, license: license, code: code, codeExpire: 60)],
                    refusal: nil
                ),
                to: header,
                peers: [],
                into: &body
            )
        let secret = String(decoding: code.base32, as: UTF8.self)
        #expect(String(decoding: body, as: UTF8.self).contains(secret))
        #expect(!String(decoding: Redaction.redacted(body), as: UTF8.self).contains(secret))
    }
}

@Suite struct Base64Tests {
    /// The vectors of RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
    func `bytes become text`(bytes: String, text: String) {
        #expect(Base64.text(Array(bytes.utf8)) == text)
    }
}
