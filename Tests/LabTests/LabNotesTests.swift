import Lab
import SoftToken
import TestKit
import Testing

@testable import Journal

/// What records tell of answers, without a look at their bytes.
@Suite("Notes of answers", .timeLimit(.minutes(1))) struct LabNotesTests {
    private static let owned = TokenNotes.Note(token: "FTKMOB947FDC1754", code: nil)
    private static let foreign = TokenNotes.Note(token: "FTKMOB0000000001", code: 31)
    private static let owner = "FG100FTK20009876"

    @Test func `a redeemed code notes the license and all its tokens`() async throws {
        let world = try await LabWorld()
        let record = try await Desk(world.lab).note(WireMessage.activation())
        #expect(record.type == "ActivationLicenseRequest")
        #expect(record.serial?.description == WireMessage.unit)
        #expect(record.license?.description == "EFTM000000000001")
        #expect(record.tokens.all.count == 5)
        #expect(record.tokens.all.allSatisfy { $0.code == nil })
        #expect(record.code == nil)
    }

    @Test func `a code that nobody issued notes the code of the refusal alone`() async throws {
        let world = try await LabWorld()
        let record = try await Desk(world.lab).note(WireMessage.activation("FFFF-FFFF-FFFF-FFFF-FFFF"))
        #expect(record.code == 16)
        #expect(record.license == nil)
        #expect(record.tokens.all.isEmpty)
    }

    @Test func `a lodged seed and a poll note the token's license`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        for body in [
            WireMessage.provision(["FTKMOB947FDC1754"], by: Self.owner),
            WireMessage.polling(["FTKMOB947FDC1754"], by: Self.owner),
        ] {
            let record = try await desk.note(body)
            #expect(record.license?.description == "EFTM000000000002")
            #expect(record.tokens.all == [Self.owned])
            #expect(record.code == nil)
        }
    }

    @Test(arguments: [WireMessage.provision(["FTKMOB0000000001"]), WireMessage.polling(["FTKMOB0000000001"])])
    func `a foreign token notes its own code and that of the whole`(body: String) async throws {
        let world = try await LabWorld()
        let record = try await Desk(world.lab).note(body)
        #expect(record.license == nil)
        #expect(record.tokens.all == [Self.foreign])
        #expect(record.code == 17)
    }

    @Test func `a phone's claim notes the token, and nothing of a refusal but its code`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let provisioned = await desk.post(WireMessage.provision(["FTKMOB947FDC1754"], by: Self.owner))
        let code = try #require(ActivationCode(try provisioned.value(of: "token_activation_code")))
        let claim = String(decoding: code.claimDigits, as: UTF8.self)
        let granted = try await desk.note(WireMessage.mobile(claim, phone: "phone-1"), to: .mobile)
        #expect(granted.type == "MobileProvisionRequest")
        #expect(granted.tokens.all == [Self.owned])
        let refused = try await desk.note(WireMessage.mobile(claim, phone: "phone-2"), to: .mobile)
        #expect(refused.code == 40)
        #expect(refused.tokens.all.isEmpty)
    }

    @Test(
        arguments: [
            ("no JSON", nil, nil), (#"{"d":{"__type":"SoftToken.RenewRequest"}}"#, nil, 901),
            (#"{"d":{"__type":"SoftToken.PollingRequest","serial_number":"FGT60FTK20000001"}}"#, "PollingRequest", 904),
        ] as [(String, String?, Int?)]
    )
    func `what is no request notes what could be understood`(body: String, type: String?, code: Int?) async throws {
        let world = try await LabWorld()
        let record = try await Desk(world.lab).note(body)
        #expect(record.type == type)
        #expect(record.serial?.description == (type == nil ? nil : WireMessage.unit))
        #expect(record.code == code)
    }

    // Field reports: a batch's 904 named no member, and a phone's author was told nothing of the Base32 code that it
    // sent.
    @Test func `a wrong member is named, of the message and of a token`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let token = try await desk.note(WireMessage.provision(["FTKMOB947FDC1754"], by: Self.owner, codeExpire: 59))
        #expect(token.tokens.all == [TokenNotes.Note(token: "FTKMOB947FDC1754", code: 904)])
        #expect(token.reason == "tokens[0].code_expire is missing or invalid")
        #expect(try await desk.note(WireMessage.polling(["FTKMOB"])).reason == "tokens[0].token is missing or invalid")
        let code = try await desk.note(WireMessage.activation("DA8C"))
        #expect(code.reason == "license_activation_code is missing or invalid")
        #expect(try await desk.note(WireMessage.polling(["FTKMOB947FDC1754"], by: Self.owner)).reason == nil)
    }

    @Test func `a phone that sends the whole code is told so, and nothing of the code`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let provisioned = await desk.post(WireMessage.provision(["FTKMOB947FDC1754"], by: Self.owner))
        let code = try provisioned.value(of: "token_activation_code")
        let whole = try await desk.note(WireMessage.mobile(code, phone: "phone-1"), to: .mobile)
        #expect(whole.code == 40)
        let reason = try #require(whole.reason)
        #expect(reason.contains("token_activation_code") && reason.contains("16 hexadecimal"))
        #expect(!reason.contains(code))
        #expect(
            try await desk.note(WireMessage.mobile("0000000000000000", phone: "phone-1"), to: .mobile).reason == nil
        )
    }
}
