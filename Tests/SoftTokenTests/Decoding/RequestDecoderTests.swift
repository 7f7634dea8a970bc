import SoftToken
import TestKit
import Testing

@Suite
struct `Request decoder` {
    @Test func `the published activation is understood`() throws {
        let request = try decode(.activationRequest)
        let expected = ActivationLicenseRequest(
            header: RequestHeader(
                sender: Sender(version: "4", deviceVersion: "6.0", deviceBuild: "6325"),
                serial: try #require(Serial("FG4H0ETB20900993")),
                cluster: [try #require(Serial("FG4H0ETB20900993")), try #require(Serial("FG4H0E5819900260"))]
            ),
            code: try #require(RedemptionCode("DA8C-0508-1F31-4CF7-C990"))
        )
        #expect(request == .activation(expected))
    }

    @Test func `the published provision is understood`() throws {
        let request = try decode(.provisionRequest)
        let order = ProvisionOrder(
            token: try #require(TokenSerial("FTKMOB947FDC1754")),
            seed: try #require(Seed("A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A")),
            codeExpire: 4_320,
            parameters: .published
        )
        let expected = ProvisionRequest(
            header: RequestHeader(
                sender: Sender(version: "4", deviceVersion: "7.0", deviceBuild: "2573"),
                serial: try #require(Serial("FG140E4Q17000494")),
                cluster: [try #require(Serial("FG140E4Q17000494")), try #require(Serial("FG140E4Q17000407"))]
            ),
            tokens: [.order(order)]
        )
        #expect(request == .provision(expected))
    }

    @Test func `the published poll is understood`() throws {
        let request = try decode(.pollingRequest)
        guard case .polling(let poll) = request else {
            Issue.record("a poll was sent")
            return
        }
        #expect(poll.header.serial.description == "FGT3HD3915801656")
        #expect(poll.header.cluster.map(\.description) == ["FGT3HD3915801656", "FGT3HD3915801685"])
        #expect(poll.tokens == [.token(try #require(TokenSerial("FTKMOB83F91CD33B")))])
    }

    @Test func `a phone's shortest request is understood in either case of digits`() throws {
        for digits in ["0123456789ABCDEF", "0123456789abcdef"] {
            let text =
                #"{"d":{"mobile_id":"a1","__type":"SoftToken.MobileProvisionRequest","token_activation_code":"\#(digits)"}}"#
            let expected = MobileProvisionRequest(mobileID: "a1", claim: 0x0123_4567_89AB_CDEF)
            #expect(decode(text, at: .mobile) == .request(.mobile(expected)))
        }
    }

    @Test(arguments: Fixture.requests, 0..<UInt64(20))
    func `the order of keys does not matter`(fixture: Fixture, seed: UInt64) throws {
        let original = try decode(fixture)
        var random = SeededGenerator(seed: seed)
        let shuffled = try JSONTree(fixture.bytes).shuffled(using: &random).written
        let decoded = RequestDecoder.decode(shuffled.span, at: .process)
        #expect(decoded == .request(original), "seed \(seed)")
    }

    @Test(arguments: Fixture.requests)
    func `unknown keys are skipped, whatever they hold`(fixture: Fixture) throws {
        let original = try decode(fixture)
        let text = String(decoding: try fixture.bytes, as: UTF8.self)
        let noise = #""zz":{"d":{"__type":[1,{"sn":null}]},"tokens":"x"}"#
        let envelope = "{\(noise),\(text.drop { $0 != "{" }.dropFirst())"
        #expect(decode(envelope) == .request(original))
        let within = text.replacing("\"__type\"", with: "\(noise),\"__type\"")
        #expect(decode(within) == .request(original))
        let entries = text.replacing("{ \"token\"", with: "{ \(noise), \"token\"")
            .replacing("{ \"sn\"", with: "{ \(noise), \"sn\"")
        #expect(decode(entries) == .request(original))
    }

    @Test(
        arguments: [
            "__type", "__version", "serial_number", "__device_version", "__device_build", "__clustered_sns", "tokens",
        ]
    )
    func `a member is told by each letter of its name, and may stand once`(name: String) throws {
        let original = try decode(.pollingRequest)
        let text = String(decoding: try JSONTree(Fixture.pollingRequest.bytes).written, as: UTF8.self)
        let key = "\"\(name)\":"
        #expect(decode(text) == .request(original))
        for place in name.indices {
            var other = name
            other.replaceSubrange(place...place, with: "x")
            #expect(decode(text.replacing(key, with: "\"\(other)\":")) != .request(original), "\(other)")
        }
        guard case .notJSON(let error) = decode(text.replacing(key, with: "\(key)null,\(key)")) else {
            Issue.record("\(name) stands twice")
            return
        }
        #expect(error.kind == .duplicateKey)
    }

    @Test func `keys and values may be spelled with escapes`() throws {
        let text = String(decoding: try Fixture.provisionRequest.bytes, as: UTF8.self)
            .replacing("\"d\"", with: #""\u0064""#).replacing("__type", with: #"__t\u0079pe"#)
            .replacing("SoftToken.Prov", with: #"SoftToken\u002EProv"#).replacing("\"totp\"", with: #""tot\u0070""#)
            .replacing("FTKMOB947FDC1754", with: #"FTKMOB947FDC175\u0034"#).replacing("A84E2C", with: #"\u004184E2C"#)
            .replacing("\"sn\"", with: #""s\u006e""#).replacing("FG140E4Q", with: #"FG140\u0045\u0034Q"#)
            .replacing("\"7.0\"", with: #""7\u002e0""#)
        #expect(decode(text) == .request(try decode(.provisionRequest)))
    }

    @Test(
        arguments: [
            (#""#, .truncated, 0), ("null", .notAnObject, 0), (" [] ", .notAnObject, 1), ("\"d\"", .notAnObject, 0),
            ("{}", .noEnvelope, 0), (#"{"D":{}}"#, .noEnvelope, 0), (#"{"d":null}"#, .noEnvelope, 5),
            (#"{"d":[]}"#, .noEnvelope, 5), (#"{"d":"{}"}"#, .noEnvelope, 5), (#"{"d":{}"#, .truncated, 7),
            (#"{"d":{}}}"#, .trailingBytes, 8), (#"{"d":{},"d":{}}"#, .duplicateKey, 8),
            (#"{"d":{"__type":"x","__type":"x"}}"#, .duplicateKey, 19), (#"{"d":{"a":tru}}"#, .unexpectedByte, 13),
            (#"{"d":{"__type":"SoftToken.PollingRequest","tokens":[{"token":"\q"}]}}"#, .invalidEscape, 62),
            (#"{"d":{"__type":"SoftToken.PollingRequest","tokens":[{"a":1,"a":1}]}}"#, .duplicateKey, 59),
            (#"{"d":{"__type":"SoftToken.PollingRequest","serial_number":01}}"#, .invalidNumber, 58),
            ("d=1", .unexpectedByte, 0), ("<d/>", .unexpectedByte, 0),
        ] as [(String, JSONError.Kind, Int)]
    )
    func `what is no JSON or has no object d is told apart`(text: String, kind: JSONError.Kind, offset: Int) {
        #expect(decode(text) == .notJSON(JSONError(kind, at: offset)))
    }

    @Test func `a body over the limit is not read`() throws {
        let bytes = try Fixture.pollingRequest.bytes
        #expect(throws: JSONError(.tooLarge, at: 20)) { try JSONReader.validate(bytes.span, limit: 20) }
    }

    @Test(
        arguments: [
            (#"{}"#, nil), (#"{"__type":null}"#, nil), (#"{"__type":7}"#, nil), (#"{"__type":{"a":1}}"#, nil),
            (#"{"__type":""}"#, ""), (#"{"__type":"SoftToken.TransferRequest"}"#, "SoftToken.TransferRequest"),
            (#"{"__type":"softtoken.pollingrequest"}"#, "softtoken.pollingrequest"),
            (#"{"__type":"SoftToken.PollingResponse"}"#, "SoftToken.PollingResponse"),
            (#"{"a":[1],"__type":"SoftToken.PollingRequest "}"#, "SoftToken.PollingRequest "),
        ] as [(String, String?)]
    )
    func `a type that is none is named`(body: String, name: String?) {
        for endpoint in Endpoint.allCases {
            #expect(decode(#"{"d":\#(body)}"#, at: endpoint) == .unknownType(name: name))
        }
    }

    @Test func `a type's name is repeated up to the limit`() {
        let longest = String(repeating: "x", count: MessageLimits.echo)
        #expect(decode(#"{"d":{"__type":"\#(longest)"}}"#) == .unknownType(name: longest))
        #expect(decode(#"{"d":{"__type":"\#(longest)x"}}"#) == .unknownType(name: nil))
    }

    @Test(arguments: RequestType.allCases)
    func `a type of the other endpoint is unknown`(type: RequestType) {
        let other: Endpoint = type.endpoint == .mobile ? .process : .mobile
        #expect(decode(#"{"d":{"__type":"\#(type.rawValue)"}}"#, at: other) == .unknownType(name: type.rawValue))
        guard case .fieldInvalid(type, _, _) = decode(#"{"d":{"__type":"\#(type.rawValue)"}}"#, at: type.endpoint)
        else {
            Issue.record("\(type) belongs to \(type.endpoint)")
            return
        }
    }

    private func decode(_ text: String, at endpoint: Endpoint = .process) -> Decoded {
        let bytes = Array(text.utf8)
        return RequestDecoder.decode(bytes.span, at: endpoint)
    }

    private func decode(_ fixture: Fixture) throws -> SoftTokenRequest {
        let bytes = try fixture.bytes
        let decoded = RequestDecoder.decode(bytes.span, at: .process)
        guard case .request(let request) = decoded else { throw UnexpectedResult(decoded: decoded) }
        return request
    }
}
