import SoftToken
import Testing

/// An answer's parts are written into room that is made beforehand; too little of it would stop the process.
@Suite
struct `Room for answers` {
    @Test func `the longest texts that there can be have room`() throws {
        let version = VersionText(stringLiteral: Self.control(MessageLimits.version))
        let serial = try #require(Serial("FG100FTK20009876"))
        let header = RequestHeader(
            sender: Sender(version: version, deviceVersion: version, deviceBuild: version),
            serial: serial,
            cluster: []
        )
        let peers = Array(repeating: ClusterPeer(serial: serial, isRegistered: false), count: MessageLimits.peers + 1)
        let token = TokenSerial(number: .max)
        let license = LicenseNumber(trial: .max)
        let refused = Self.control(MessageLimits.echo)
        let writer = try Self.writer()

        try check { writer.append(.refused(.licenseOfOtherProduct), to: header, peers: peers, into: &$0) }
        let tokens = Array(repeating: token, count: 3)
        try check { writer.append(.granted(license: license, tokens: tokens), to: header, peers: peers, into: &$0) }
        let code = ActivationCode(claim: .max, parameters: .published)
        let provision = ProvisionOutcome(
            tokens: [
                .refused(token: refused, .fieldInvalid, .codeExpire),
                .provisioned(token: token, license: license, code: code, codeExpire: .min),
            ],
            refusal: .fieldInvalid
        )
        try check { writer.append(provision, to: header, peers: peers, into: &$0) }
        let phone = PolledToken(
            token: token,
            license: license,
            state: .provisioned,
            registrationID: Self.control(MessageLimits.registrationID),
            osVersion: Self.control(MessageLimits.osVersion)
        )
        let poll = PollingOutcome(
            tokens: [.found(phone), .refused(token: refused, .fieldInvalid, .token)],
            refusal: .fieldInvalid
        )
        try check { writer.append(poll, to: header, peers: peers, into: &$0) }
        for type in RequestType.allCases {
            try check {
                writer.appendFieldInvalid(
                    .redemptionCode,
                    of: type,
                    header: PartialHeader(sender: header.sender, serial: header.serial, cluster: header.cluster),
                    peers: peers,
                    into: &$0
                )
            }
        }
        try check { writer.appendUnknownType(into: &$0) }
    }

    @Test(arguments: 0...MessageLimits.version)
    func `a version comes back as it was`(length: Int) throws {
        for text in ["7", "é", "\"", "\u{0}"] {
            let version = String(repeating: text, count: length / text.utf8.count)
            var bytes: [UInt8] = []
            AnswerWriter()
                .append(
                    .refused(.activationCodeInvalid),
                    to: MobileProvisionRequest(
                        sender: Sender(version: VersionText(stringLiteral: version)),
                        mobileID: "m",
                        claim: 1
                    ),
                    into: &bytes
                )
            guard case .object(let answer) = try JSONTree(bytes), case .object(let body)? = answer.first?.value,
                case .string(let echoed)? = body.first(where: { $0.key == "__version" })?.value
            else {
                Issue.record("an answer has a version")
                return
            }
            #expect(echoed == version)
            #expect(VersionText(stringLiteral: version).description == version)
        }
    }

    private func check(_ write: (inout [UInt8]) -> Void) throws {
        var bytes = Array(" ".utf8)
        write(&bytes)
        try JSONReader.validate(bytes.span, limit: .max)
    }

    private static func control(_ count: Int) -> String { String(repeating: "\u{1}", count: count) }

    private static func writer() throws -> AnswerWriter {
        var overrides: [ServiceError: ErrorTable.Override] = [:]
        for reason in [ServiceError.fieldInvalid, .unknownType, .licenseOfOtherProduct] {
            overrides[reason] = .init(text: control(ErrorTable.textLimit))
        }
        return AnswerWriter(errors: try ErrorTable(overrides: overrides))
    }
}
