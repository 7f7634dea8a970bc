import SoftToken
import Testing

@Suite
struct `Token entries` {
    private static let seed = String(repeating: "A8", count: 20)

    @Test(
        arguments: [
            (#""type":"totp","period":60,"digits":6"#, .totp, 60, 6),
            (#""type":"hotp","period":30,"digits":8"#, .hotp, 30, 8),
            (#""digits":8"#, .totp, 60, 8), (#""period":30"#, .totp, 30, 6), (#""type":"hotp""#, .hotp, 60, 6),
            (#""type":null,"period":null,"digits":null"#, .totp, 60, 6),
        ] as [(String, TokenParameters.Kind, Int, Int)]
    )
    func `parameters that are absent are the published ones`(
        members: String,
        kind: TokenParameters.Kind,
        period: Int,
        digits: Int
    ) throws {
        let order = ProvisionOrder(
            token: try #require(TokenSerial("FTKMOB947FDC1754")),
            seed: try #require(Seed(Self.seed)),
            codeExpire: 4_320,
            parameters: try #require(TokenParameters(kind: kind, period: period, digits: digits))
        )
        let text = #"{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","code_expire":4320,\#(members)}"#
        #expect(try provision(text) == [.order(order)])
    }

    // A field report: nobody could tell from a batch's 904 which member was wrong.
    @Test(arguments: [
        #""type":"TOTP""#, #""type":"""#, #""type":1"#, #""period":0"#, #""period":45"#, #""period":"60""#,
        #""period":60.0"#,
        #""period":6e1"#, #""digits":7"#, #""digits":-6"#, #""digits":true"#, #""digits":99999999999999999999"#,
    ])
    func `a wrong parameter spoils the entry alone`(member: String) throws {
        let good = #"{"token":"FTKMOB947FDC1755","seed":"\#(Self.seed)","code_expire":60}"#
        let bad = #"{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","code_expire":60,\#(member)}"#
        let entries = try provision("\(bad),\(good)")
        let name = try #require(member.split(separator: "\"").first)
        #expect(
            entries.first == .malformed(token: "FTKMOB947FDC1754", try #require(TokenField(rawValue: String(name))))
        )
        guard entries.count == 2, case .order = entries[1] else {
            Issue.record("the second entry is an order")
            return
        }
    }

    @Test(arguments: ["59", "10081", "-60", "0", "null", "\"60\"", "60.5", "[]"])
    func `a code must hold an hour to a week`(value: String) throws {
        let text = #"{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","code_expire":\#(value)}"#
        #expect(try provision(text) == [.malformed(token: "FTKMOB947FDC1754", .codeExpire)])
    }

    @Test(arguments: [60, 10_080])
    func `the bounds of a code's life belong to it`(minutes: Int) throws {
        let text = #"{"token":"FTKMOB947FDC1754","seed":"\#(Self.seed)","code_expire":\#(minutes)}"#
        guard case .order(let order) = try provision(text).first else {
            Issue.record("\(minutes) minutes are allowed")
            return
        }
        #expect(order.codeExpire == minutes)
    }

    @Test(arguments: ["A8", String(repeating: "A8", count: 21), String(repeating: "G8", count: 20), ""])
    func `a seed is forty digits`(seed: String) throws {
        let text = #"{"token":"FTKMOB947FDC1754","seed":"\#(seed)","code_expire":60}"#
        #expect(try provision(text) == [.malformed(token: "FTKMOB947FDC1754", .seed)])
    }

    @Test(
        arguments: [
            ("{}", nil), ("null", nil), ("7", nil), (#""FTKMOB947FDC1754""#, nil), ("[]", nil),
            (#"{"token":null}"#, nil),
            (#"{"token":7}"#, nil), (#"{"token":""}"#, ""), (#"{"token":"FTK200ABCDEF1234"}"#, "FTK200ABCDEF1234"),
            (#"{"token":"ftkmob947fdc1754"}"#, "ftkmob947fdc1754"), (#"{"token":"\"\u00e4\n"}"#, "\"ä\n"),
        ] as [(String, String?)]
    )
    func `a malformed entry repeats the text it gave`(entry: String, token: String?) throws {
        #expect(try provision(entry) == [.malformed(token: token)])
        #expect(try polling(entry) == [.malformed(token: token)])
    }

    @Test func `a malformed token's text is repeated up to the limit`() throws {
        let longest = String(repeating: "x", count: MessageLimits.echo)
        #expect(try polling(#"{"token":"\#(longest)"}"#) == [.malformed(token: longest)])
        #expect(try polling(#"{"token":"\#(longest)x"}"#) == [.malformed(token: nil)])
    }

    // A field report: a poll of 2,000 tokens was refused as malformed, and licenses of 10,000 are sold.
    @Test func `there may be as many entries as a body has room for`() throws {
        #expect(MessageLimits.tokens >= 36_000)
        let entry = #"{"token":"FTKMOB947FDC1754"}"#
        #expect(try polling("") == [])
        let count = MessageLimits.tokens
        let most = Array(repeating: entry, count: count).joined(separator: ",")
        #expect(try polling(most).count == count)
        #expect(try polling("\(most),\(entry)").count == count + 1, "a larger body was let in")
        let small = Array(repeating: "0", count: count + 1).joined(separator: ",")
        for draft in [Draft.polling, .provision] {
            #expect(try draft.replacing("tokens", with: "[\(small)]").fault == .tokens)
        }
    }

    @Test func `the first wrong member in the published order is named`() throws {
        let wrong = #"{"digits":7,"period":45,"type":"TOTP","code_expire":1,"seed":"A8","token":"FTKMOB947FDC1754"}"#
        #expect(try provision(wrong) == [.malformed(token: "FTKMOB947FDC1754", .seed)])
        let without = #"{"seed":"\#(Self.seed)","code_expire":60}"#
        #expect(try provision(without) == [.malformed(token: nil, .token)])
    }

    private func provision(_ entries: String) throws -> [ProvisionRequest.Entry] {
        let decoded = Draft.provision.replacing("tokens", with: "[\(entries)]").decoded
        guard case .request(.provision(let request)) = decoded else { throw UnexpectedResult(decoded: decoded) }
        return request.tokens
    }

    private func polling(_ entries: String) throws -> [PollingRequest.Entry] {
        let decoded = Draft.polling.replacing("tokens", with: "[\(entries)]").decoded
        guard case .request(.polling(let request)) = decoded else { throw UnexpectedResult(decoded: decoded) }
        return request.tokens
    }
}
