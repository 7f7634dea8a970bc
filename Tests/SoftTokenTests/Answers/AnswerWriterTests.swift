import SoftToken
import TestKit
import Testing

@Suite
struct `Answer writer` {
    private let writer = AnswerWriter()

    @Test func `the published failing activation comes out byte for byte`() throws {
        guard case .activation(let request) = try decoded(.activationRequest) else {
            Issue.record("an activation was sent")
            return
        }
        var bytes: [UInt8] = []
        let peers = try peers(("FG4H0E5819900260", true), ("FG4H0ETB20900993", true))
        writer.append(ActivationOutcome.refused(.licenseExpired), to: request.header, peers: peers, into: &bytes)
        #expect(bytes == (try Fixture.activationResponse.bytes), "\(text(bytes))")
    }

    @Test func `the published failing provision comes out byte for byte`() throws {
        guard case .provision(let request) = try decoded(.provisionRequest),
            case .order(let order) = request.tokens.first
        else {
            Issue.record("a provision was sent")
            return
        }
        let entry = ProvisionOutcome.Entry.refused(token: order.token.description, .tokenOfOtherProduct)
        var bytes: [UInt8] = []
        writer.append(
            ProvisionOutcome(tokens: [entry], refusal: .noValidToken),
            to: request.header,
            peers: try peers(("FG140E4Q17000407", false), ("FG140E4Q17000494", true)),
            into: &bytes
        )
        #expect(bytes == (try Fixture.provisionResponse.bytes), "\(text(bytes))")
    }

    @Test func `an activation lists the license's tokens`() throws {
        var bytes = Array("kept:".utf8)
        let license = try #require(LicenseNumber("EFTM000000000001"))
        let tokens = [TokenSerial(number: 1), TokenSerial(number: 0xFF_FFFF_FFFF)]
        writer.append(
            ActivationOutcome.granted(license: license, tokens: tokens),
            to: try header(),
            peers: try peers(("FG1", true)),
            into: &bytes
        )
        #expect(
            text(bytes) == #"kept:{"d":{"__type":"SoftToken.ActivationLicenseResponse","__version":"4","#
                + #""serial_number":"FG1","__device_version":"7.0","__device_build":"2573","#
                + #""__clustered_sns":[{"sn":"FG1","error":null}],"license":"EFTM000000000001","tokens":["#
                + #"{"token":"FTKMOB0000000001","license":"EFTM000000000001","error":null},"#
                + #"{"token":"FTKMOBFFFFFFFFFF","license":"EFTM000000000001","error":null}],"result":1,"error":null}}"#
                + "\n"
        )
    }

    @Test func `one token of a batch that works makes the batch work`() throws {
        let outcome = ProvisionOutcome(
            tokens: [
                .provisioned(
                    token: TokenSerial(number: 1),
                    license: try #require(LicenseNumber("EFTM000000000001")),
                    code: try #require(ActivationCode("EEIOTCU3LENEDJMR")),
                    codeExpire: 4_320
                ),
                .refused(token: nil, .fieldInvalid, .seed),
            ],
            refusal: nil
        )
        #expect(
            try tail(outcome, .init()) == #"[{"token":"FTKMOB0000000001","license":"EFTM000000000001","#
                + #""token_activation_code":"EEIOTCU3LENEDJMR","qr_code":"EEIOTCU3LENEDJMR","code_expire":4320,"error":null},"#
                + #"{"token":null,"license":null,"token_activation_code":null,"qr_code":null,"code_expire":null,"#
                + #""error":{"error_code":904,"error_message":"request field is missing or invalid: seed"}}],"#
                + #""result":1,"error":null}}"# + "\n"
        )
    }

    @Test(arguments: [
        (WireChoices(activationCodeForm: .hexadecimal), "E98A9B591A41A591", #""EEIOTCU3LENEDJMR""#, "\n"),
        (WireChoices(qrCode: .null), "EEIOTCU3LENEDJMR", "null", "\n"),
        (WireChoices(endsWithNewline: false), "EEIOTCU3LENEDJMR", #""EEIOTCU3LENEDJMR""#, ""),
    ])
    func `the wire's choices are followed`(choices: WireChoices, code: String, picture: String, end: String) throws {
        let entry = ProvisionOutcome.Entry.provisioned(
            token: TokenSerial(number: 1),
            license: try #require(LicenseNumber("EFTM000000000001")),
            code: try #require(ActivationCode("EEIOTCU3LENEDJMR")),
            codeExpire: 60
        )
        let written = try tail(ProvisionOutcome(tokens: [entry], refusal: nil), choices)
        #expect(written.contains(#""token_activation_code":"\#(code)","qr_code":\#(picture),"code_expire":60,"#))
        #expect(written.hasSuffix("\"error\":null}}" + end))
    }

    @Test func `a poll tells each token's state`() throws {
        let outcome = PollingOutcome(
            tokens: [
                .found(
                    PolledToken(
                        token: TokenSerial(number: 1),
                        license: LicenseNumber(trial: 0x0206_2407),
                        state: .provisioned,
                        registrationID: "\"id\"",
                        osVersion: "5.4.2_IOS"
                    )
                ),
                .refused(token: "x\ty", .tokenOfOtherProduct),
            ],
            refusal: nil
        )
        var bytes: [UInt8] = []
        writer.append(outcome, to: try header(), peers: [], into: &bytes)
        #expect(
            text(bytes) == #"{"d":{"__type":"SoftToken.PollingResponse","__version":"4","serial_number":"FG1","#
                + #""__device_version":"7.0","__device_build":"2573","__clustered_sns":[],"tokens":["#
                + #"{"token":"FTKMOB0000000001","license":"FTMTRIAL02062407","reg_id":"\"id\"","os_ver":"5.4.2_IOS","#
                + #""status":"provisioned","error":null},{"token":"x\ty","license":null,"reg_id":null,"os_ver":null,"#
                + #""status":null,"error":{"error_code":31,"error_message":"token does not belong to product"}}],"#
                + #""result":1,"error":null}}"# + "\n"
        )
    }

    @Test func `a phone is given its seed or told that the code is invalid`() throws {
        var granted: [UInt8] = []
        let answer = MobileAnswer.granted(
            token: TokenSerial(number: 1),
            mobileIDHash: Array("0a1b".utf8),
            sealedSeed: Array("QUJD/+==".utf8)
        )
        writer.append(answer, to: MobileProvisionRequest(mobileID: "m", claim: 1), into: &granted)
        #expect(
            text(granted) == #"{"d":{"__type":"SoftToken.MobileProvisionResponse","__version":"4","#
                + #""__device_version":null,"__device_build":null,"mobile_id_hash":"0a1b","seed":"QUJD/+==","#
                + #""token":"FTKMOB0000000001","error":null}}"# + "\n"
        )
        var refused: [UInt8] = []
        let request = MobileProvisionRequest(
            sender: Sender(version: "5", deviceVersion: "a", deviceBuild: "b"),
            mobileID: "m",
            claim: nil
        )
        writer.append(MobileAnswer.refused(.activationCodeInvalid), to: request, into: &refused)
        #expect(
            text(refused) == #"{"d":{"__type":"SoftToken.MobileProvisionResponse","__version":"5","#
                + #""__device_version":"a","__device_build":"b","mobile_id_hash":null,"seed":null,"token":null,"#
                + #""error":{"error_code":40,"error_message":"FTM token Activation Code is invalid"}}}"# + "\n"
        )
    }

    private func tail(_ outcome: ProvisionOutcome, _ choices: WireChoices) throws -> String {
        var bytes: [UInt8] = []
        AnswerWriter(choices: choices).append(outcome, to: try header(), peers: [], into: &bytes)
        let head =
            #"{"d":{"__type":"SoftToken.ProvisionResponse","__version":"4","serial_number":"FG1","#
            + #""__device_version":"7.0","__device_build":"2573","__clustered_sns":[],"tokens":"#
        try #require(text(bytes).hasPrefix(head))
        return String(text(bytes).dropFirst(head.count))
    }

    private func header() throws -> RequestHeader {
        RequestHeader(
            sender: Sender(version: "4", deviceVersion: "7.0", deviceBuild: "2573"),
            serial: try #require(Serial("FG1")),
            cluster: []
        )
    }

    private func peers(_ list: (String, Bool)...) throws -> [ClusterPeer] {
        var peers: [ClusterPeer] = []
        for (serial, isRegistered) in list {
            peers.append(ClusterPeer(serial: try #require(Serial(serial)), isRegistered: isRegistered))
        }
        return peers
    }

    private func decoded(_ fixture: Fixture) throws -> SoftTokenRequest {
        let bytes = try fixture.bytes
        let decoded = RequestDecoder.decode(bytes.span, at: .process)
        guard case .request(let request) = decoded else { throw UnexpectedResult(decoded: decoded) }
        return request
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
