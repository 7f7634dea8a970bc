import Foundation
import SoftToken
import Testing

/// The fields that an answer may have, held against what is written.
@Suite struct AnswerFieldsTests {
    private let writer = AnswerWriter()
    private let license = LicenseNumber(trial: 0x0206_2407)

    private func answer(to type: RequestType) throws -> [[UInt8]] {
        let header = RequestHeader(
            sender: Sender(version: "4", deviceVersion: "7.0", deviceBuild: "2573"),
            serial: try #require(Serial("FGT60FTK20000001")),
            cluster: []
        )
        let peers = [ClusterPeer(serial: header.serial, isRegistered: true)]
        var (works, fails): ([UInt8], [UInt8]) = ([], [])
        let token = TokenSerial(number: 1)
        switch type {
        case .activation:
            let granted = ActivationOutcome.granted(license: license, tokens: [token])
            writer.append(granted, to: header, peers: peers, into: &works)
            writer.append(ActivationOutcome.refused(.licenseExpired), to: header, peers: peers, into: &fails)
        case .provision:
            let code = try #require(ActivationCode("EEIOTCU3LENEDJMR"))
            let entries: [ProvisionOutcome.Entry] = [
                .provisioned(token: token, license: license, code: code, codeExpire: 60),
                .refused(token: nil, .fieldInvalid, .seed),
            ]
            writer.append(ProvisionOutcome(tokens: entries, refusal: nil), to: header, peers: peers, into: &works)
            writer.append(ProvisionOutcome(tokens: [], refusal: .noValidToken), to: header, peers: peers, into: &fails)
        case .polling:
            let found = PolledToken(
                token: token,
                license: license,
                state: .provisioned,
                registrationID: "id",
                osVersion: "1"
            )
            writer.append(PollingOutcome(tokens: [.found(found)], refusal: nil), to: header, peers: peers, into: &works)
            writer.append(
                PollingOutcome(tokens: [.refused(token: "x", .fieldInvalid, nil)], refusal: .noValidToken),
                to: header,
                peers: peers,
                into: &fails
            )
        case .mobile:
            let request = MobileProvisionRequest(mobileID: "m", claim: 1)
            writer.append(
                MobileAnswer.granted(token: token, mobileIDHash: [0x30], sealedSeed: [0x30]),
                to: request,
                into: &works
            )
            writer.append(MobileAnswer.refused(.activationCodeInvalid), to: request, into: &fails)
        }
        return [works, fails]
    }

    private func fields(of value: Any, at path: String = "") -> Set<String> {
        var fields: Set<String> = path.isEmpty ? [] : [path]
        if let object = value as? [String: Any] {
            for (key, value) in object {
                fields.formUnion(self.fields(of: value, at: path.isEmpty ? key : "\(path).\(key)"))
            }
        } else if let array = value as? [Any] {
            for value in array { fields.formUnion(self.fields(of: value, at: path + "[]")) }
        }
        return fields
    }

    @Test(arguments: RequestType.allCases)
    func `what is written to a request is what its answers may have`(type: RequestType) throws {
        var written: Set<String> = []
        for bytes in try answer(to: type) {
            let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            written.formUnion(fields(of: try #require(document["d"])))
        }
        // A token's own error is written only where it alone is refused.
        let missing = type.answerFields.subtracting(written).filter { !$0.contains("[].error.") }
        #expect(written.isSubset(of: type.answerFields), "\(written.subtracting(type.answerFields))")
        #expect(missing.isEmpty, "\(missing)")
    }
}
