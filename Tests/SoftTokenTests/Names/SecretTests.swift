import SoftToken
import Testing

@Suite
struct Secrets {
    @Test func `no description holds a secret`() throws {
        let seed = "A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A"
        let order = ProvisionOrder(
            token: TokenSerial(number: 1),
            seed: try #require(Seed(seed)),
            codeExpire: 60,
            parameters: .published
        )
        let code = try #require(ActivationCode("EEIOTCU3LENEDJMR"))
        let redemption = try #require(RedemptionCode("DA8C-0508-1F31-4CF7-C990"))
        let license = LicenseNumber(trial: 1)
        let header = RequestHeader(
            sender: Sender(),
            serial: try #require(Serial("FG1")),
            cluster: []
        )
        let holders: [Any] = [
            order.seed, code, redemption, order, ProvisionRequest.Entry.order(order),
            SoftTokenRequest.provision(ProvisionRequest(header: header, tokens: [.order(order)])),
            SoftTokenRequest.activation(ActivationLicenseRequest(header: header, code: redemption)),
            SoftTokenRequest.mobile(MobileProvisionRequest(mobileID: "0123456789abcdef", claim: code.claim)),
            MobileOutcome.granted(token: order.token, seed: order.seed),
            MobileAnswer.granted(token: order.token, mobileIDHash: [1, 2], sealedSeed: Array("c2VhbGVk".utf8)),
            ProvisionOutcome.Entry.provisioned(token: order.token, license: license, code: code, codeExpire: 60),
        ]
        let secrets = [
            seed, "EEIOTCU3LENEDJMR", "E98A9B591A41A591", "\(code.claim)", "\(code.flags)", redemption.text,
            "\(redemption.high)", "0123456789abcdef", "c2VhbGVk", "99, 50, 86",
        ]
        for holder in holders {
            for text in ["\(holder)", String(reflecting: holder)] {
                for secret in secrets {
                    #expect(!text.contains(secret), "\(text) holds \(secret)")
                }
            }
        }
    }
}
