import Foundation
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
            // What HTTP carries beside them.
            ("POST /x?license_activation_code=short HTTP/1.1\r\n", "POST /x?license_activation_code=*** HTTP/1.1\r\n"),
            ("Authorization: Basic dTpw x\r\nHost: a\r\n", "Authorization: ***\r\nHost: a\r\n"),
            ("authorization:\r\nHost: a\r\n", "authorization:\r\nHost: a\r\n"),
            ("Cookie: a=b; c=d\r\nHost: a\r\n", "Cookie: ***\r\nHost: a\r\n"),
            (#"{"password":"p q","token":"T"}"#, #"{"password":"***","token":"T"}"#),
            (#"{"access_token":"abc","expires_in":1}"#, #"{"access_token":"***","expires_in":1}"#),
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
            ("1A2B-3C4D-5E6F-7081", "1A2B-3C4D-5E6F-7081"), ("11A2B-3C4D-5E6F-7081-92A3", "1***"),
            ("HASH", "HASH"), ("", ""),
        ]
    )
    func `secrets are hidden, and nothing else`(text: String, shown: String) {
        let shown = shown.replacing("HASH", with: Self.seed + Self.seed.prefix(24))
        let filled = text.replacing("SEED", with: Self.seed).replacing("CODE", with: Self.code)
            .replacing("HASH", with: Self.seed + Self.seed.prefix(24))
        #expect(String(decoding: Redaction.redacted(message: filled.utf8), as: UTF8.self) == shown)
    }

    @Test func `text in two bytes a character hides its own`() {
        let wide = #"{"seed":"secret","x":1}"#.utf8.flatMap { byte -> [UInt8] in [byte, 0] }
        #expect(String(decoding: Redaction.redacted(message: wide), as: UTF8.self) == #"{"seed":"***","x":1}"#)
        let binary: [UInt8] = [0, 1, 2, 0, 0xFF]
        #expect(Redaction.redacted(message: binary) == binary)
    }

    @Test func `cut at any byte, nothing of a secret is left`() {
        let body = Array(#"{"d":{"tokens":[{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","x":1}]}}"#.utf8)
        for count in 0...body.count {
            let shown = String(decoding: Redaction.redacted(message: body.prefix(count)), as: UTF8.self)
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
        let header = RequestHeader(sender: Sender(version: "4"), serial: serial, cluster: [])
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
        #expect(!String(decoding: Redaction.redacted(message: body), as: UTF8.self).contains(secret))
    }
}

/// A code in a path, a query, a name or any other text that is taken out of a request reached the log, the journal and
/// its exports: only bodies were gone through.
@Suite struct SecretFormTests {
    private static let seed = "A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A"

    @Test(
        arguments: [
            // Redemption codes, in every spelling that a client may give them.
            "1A2B-3C4D-5E6F-7081-92A3", "1a2b-3c4d-5e6f-7081-92a3", "1A2B3C4D5E6F708192A3", "1a2b3c4d5e6f708192a3",
            "1A2B%2D3C4D%2d5E6F%2D7081%2D92A3", "%31A2B-3C4D-5E6F-7081-92A3", "1A2B+3C4D+5E6F+7081+92A3",
            "1A2B%203C4D%205E6F%207081%2092A3", "1A2B 3C4D 5E6F 7081 92A3", "1A2B_3C4D_5E6F_7081_92A3",
            "1A2B\\u002d3C4D\\u002D5E6F-7081-92A3", "1A2B–3C4D–5E6F–7081–92A3", "0101-0101-0101-0101-0101",
            "1A2B-3C4D-5E6F-7081-92A3-B4C5",
            // Seeds.
            seed, seed.lowercased(), "A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A0000",
            "%4184E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A", "VBHCZKWTXTVJODQF3QNJW66S2VRGEL2K",
            // Activation codes, and what phones send of them.
            "EEIOTCU3LENEDJMR", "eeiotcu3lenedjmr", "EFAAAAAAAAAAAAAA", "JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ",
            "ABCDEFGHIJKLMNOP", "EFTMAAAAAAAAAAAA", "0123456789ABCDEF", "0123456789abcdef", "%45EIOTCU3LENEDJMR",
        ]
    )
    func `a secret is hidden wherever it stands`(secret: String) {
        for text in [
            "SECRET", "/x/SECRET", "/x/SECRET/y", "/x?a=SECRET&b=1", "SECRET.example.test", "curl/8 (SECRET)",
            "x_SECRET_y",
            "{\"a\":\"SECRET\"}", "a\\nSECRET\\nb", "\tSECRET\r\n", "no license \"SECRET\"", "%2FSECRET%2F",
            "é SECRET é",
        ] {
            let hidden = Redaction.redacted(text.replacing("SECRET", with: secret))
            #expect(hidden == text.replacing("SECRET", with: "***"), "in \(text)")
        }
    }

    /// A code to which a letter was stuck was no word of four or of twenty digits any more, and was shown.
    @Test(arguments: [
        ("coupon0F1E-2D3C-4B5A-6978-8796", "coupon***"), ("0F1E-2D3C-4B5A-6978-8796x", "***x"),
        ("x0f1e-2d3c-4b5a-6978-8796.com", "x***.com"), ("n0F1E2D3C4B5A69788796", "n***"),
        ("0F1E2D3C4B5A69788796n", "***n"), ("a0F1E-2D3C-4B5A-6978-8796f", "a***f"), ("a0F1E2D3C4B5A69788796f", "***"),
        ("code0F1E2D3C4B5A69788796", "co***"), ("x0F1E%2D2D3C%2D4B5A%2D6978%2D8796x", "x***x"),
        ("coupon0101-0101-0101-0101-0101", "coupon***"), ("feed0F1E-2D3C-4B5A-6978-8796cafe", "feed***cafe"),
        ("0123456789ABCDEF0F1E-2D3C-4B5A-6978-8796", "***"), ("0F1E-2D3C-4B5A-6978-8796-1111-accepted", "***-accepted"),
        // Seeds and activation codes, and two in a word.
        ("xA84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4Ax", "x***x"), ("xVBHCZKWTXTVJODQF3QNJW66S2VRGEL2K", "x***"),
        ("XVBHCZKWTXTVJODQF3QNJW66S2VRGEL2K", "***"), ("xEEIOTCU3LENEDJMR", "x***"), ("EEIOTCU3LENEDJMRx", "***x"),
        ("XEEIOTCU3LENEDJMRY", "X***Y"), ("xeeiotcu3lenedjmry", "x***y"), ("token9GEZDGNBVGY3TQOJQ", "token9***"),
        ("n0123456789abcdef", "n***"), ("n0F1E2D3C4B5A69788796nA84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A", "n***n***"),
    ])
    func `a secret is hidden also where letters are stuck to it`(text: String, shown: String) {
        #expect(Redaction.redacted(text) == shown)
        #expect(Redaction.redacted("/x/\(text)?y=1") == "/x/\(shown)?y=1")
    }

    /// Only a hyphen, a blank and three more were known to stand between the groups of a code.
    @Test(arguments: [
        "/", ":", "--", "%252D", "%25252d", "%3A", "%2F", "\\/", ",", ";", "|", "~", "*", "=", "', '", " - ",
        "%20%E2%80%93%20",
        "\u{2212}", "\u{A0}", "\u{200B}", "\\\\", "\\u00ad", "+-+", "::", "\n", "\t", "_-_", ".",
    ])
    func `a code is hidden whatever stands between its groups`(separator: String) {
        let code = ["0F1E", "2D3C", "4B5A", "6978", "8796"].joined(separator: separator)
        for text in ["SECRET", "/x/SECRET", "/xSECRETx?y=1", "{\"a\":\"SECRET\"}", "nosuch.SECRET.test"] {
            #expect(Redaction.redacted(text.replacing("SECRET", with: code)) == text.replacing("SECRET", with: "***"))
        }
    }

    /// A control character is no part of a text, but `%0F` may be a percent sign and the beginning of a code.
    @Test func `a code is hidden behind a percent sign too`() {
        #expect(Redaction.redacted("100%0F1E-2D3C-4B5A-6978-8796") == "100%***")
        #expect(Redaction.redacted("100%250F1E-2D3C-4B5A-6978-8796") == "100%25***")
    }

    @Test func `groups of different texts are none, so that JSON stays what it is`() throws {
        let json = #"{"cafe":"beef","dead":["face","feed","f00d"],"fade":{"deaf":"bead"}}"#
        #expect(Redaction.redacted(json) == json)
    }

    @Test func `a bearer token is hidden behind its word, and prose is not`() {
        for text in [
            "Bearer TOKEN", "bearer TOKEN", "Authorization: Bearer TOKEN", "Bearer%20TOKEN", "x=Bearer+TOKEN&y=1",
            "{\"a\":\"Bearer TOKEN\"}",
        ] {
            let secret = "abc.def-ghi_jkl~mno+pqr/st=="
            #expect(
                Redaction.redacted(text.replacing("TOKEN", with: secret)) == text.replacing("TOKEN", with: "***"),
                "in \(text)"
            )
        }
        for text in ["WWW-Authenticate: Bearer\r\n", "the bearer token of this plane", "bearers of everything-that-is"]
        {
            #expect(Redaction.redacted(text) == text)
        }
    }

    @Test(
        arguments: [
            "FGT60FTK20000001", "FG140E4Q17000494", "FGT3HD3457623456", "FTKMOB947FDC1754", "FTKMOB2345672345",
            "FTMTRIAL02062407", "EFTM000000000002", "EFTM234567234567", "FAC-VMTM21000001",
            // Fingerprints and identifiers: JA4, SHA-256, the registration of a phone, UUIDs with and without hyphens.
            "t13d1516h2_8daaf6152771_02713d6af862",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae7dec11d0a76500a0c91e6bf6",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}",
            "nF81D4FAE-7DEC-11D0-A765-00A0C91E6BF6x", "00000000-0000-0000-0000-000000000000",
            "main.E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
            // Numbers, times, addresses, names of ciphers.
            "18446744073709551615", "1764450000000000", "2026-11-27T19:00:00.000Z", "1000 2000 3000 4000 5000 6000",
            "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "[2a02:8109:9f80:4c34:7d5e:3b1a:22cf:9e01]:8443",
            "2001:db8:1234:5678:9abc:def0:1234:5678", "2001:0db8:85a3:1234:5678::/80",
            "2001:0db8:85a3:1234:5678:9abc::1",
            "fe80:1234:5678:9abc:def0:1234::", "8443 2001:0db8:85a3:1234:5678:9abc:def0:1234", "00:1a:2b:3c:4d:5e",
            "0x1301,0x1302,0x1303,0xc02b,0xc02f,0xc030", "FTKMOB947FDC1754,FTKMOB947FDC1755", "globalftm.fortinet.net",
            "TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
            "/SoftToken/Provisioning.asmx/Process", "POST", "PollingRequest", "exchangesDropped", "handshake-failure",
            "1A2B-3C4D-5E6F-7081", "100%", "%zz", "\\", "", "é",
        ]
    )
    func `what is no secret stays`(text: String) {
        #expect(Redaction.redacted(text) == text)
        #expect(Redaction.redacted("a \(text) b") == "a \(text) b")
    }

    @Test func `nothing that leaves a journal shows what a client put into its texts, unless secrets are asked for`()
        throws
    {
        let (code, seed, activation) = ("1A2B-3C4D-5E6F-7081-92A3", Self.seed, "EEIOTCU3LENEDJMR")
        let journal = Sample.journal()
        let opening = Sample.opening(7, sni: "\(code.lowercased()).test")
        var exchange = Sample.exchange(on: 7, tokens: [(activation, 904)], rules: Sample.notes("for-\(code)"))
        exchange.method = seed
        exchange.path = "/\(code)/\(activation)"
        exchange.reason = "no license \(code)"
        let head = "GET /?a=\(code) HTTP/1.1\r\nHost: \(activation)\r\nUser-Agent: \(seed)\r\n\r\n"
        journal.post(exchange, on: opening, request: Array((head + "x \(code) y").utf8))
        journal.end(opening) { $0.reason = "the client said \(seed)" }
        let record = try #require(journal.record(id: 7))
        func everything(_ detail: JournalDetail) -> String {
            [record.json(detail), record.ndjson(detail), record.har(version: "1", detail)]
                .map { String(decoding: $0, as: UTF8.self) }.joined()
        }
        let hidden = everything(JournalDetail(showsBodies: true)) + journal.canonical()
        let shown = everything(JournalDetail(showsBodies: true, showsSecrets: true))
        for secret in [code, code.lowercased(), seed, activation] {
            #expect(!hidden.contains(secret), "\(hidden)")
            #expect(shown.contains(secret))
        }
        for bytes in [record.json(), record.har(version: "1", JournalDetail())] {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
        }
    }

    @Test func `the time is linear in the bytes, whatever they are`() {
        for part in [
            "seed ", "seed\"", "\\", "%", "1A2B-", "Bearer ", "Bearer a ", "0123456789abcdef", "seed=\\", "cookie",
            "1000 ", "1000--------", "1A2B:", "1A2B::", "%25", "x0F1E2D3C4B5A69788796", "EEIA", "EEI2AAAAAAAAAAAAA8",
            "x0F1E2D3C4B5A69788796-", "GEZDGNBVGY3TQOJQx",
        ] {
            let text = String(repeating: part, count: 100_000 / part.utf8.count)
            let clock = ContinuousClock()
            let time = clock.measure {
                _ = Redaction.redacted(Array(text.utf8))
                _ = Redaction.redacted(message: text.utf8)
            }
            // A square of it would take a minute; a debug build under a sanitizer takes a second.
            #expect(time < .seconds(20), "\(part)")
        }
    }
}

@Suite struct JournalTextTests {
    /// As the vectors of RFC 4648 section 10, one to six bytes.
    @Test(
        arguments: [
            ([0xFF], "/w=="),
            ([0xFF, 0x66], "/2Y="),
            ([0xFF, 0x66, 0x6F], "/2Zv"),
            ([0xFF, 0x66, 0x6F, 0x6F], "/2Zvbw=="),
            ([0xFF, 0x66, 0x6F, 0x6F, 0x62], "/2Zvb2I="),
            ([0xFF, 0x66, 0x6F, 0x6F, 0x62, 0x61], "/2Zvb2Jh"),
        ] as [([UInt8], String)]
    )
    func `what is no UTF-8 is shown in Base64`(bytes: [UInt8], text: String) {
        let shown = JournalText(bytes, JournalDetail())
        #expect(shown.isBase64)
        #expect(shown.text == text)
    }
}
