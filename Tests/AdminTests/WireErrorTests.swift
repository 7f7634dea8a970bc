import TestKit
import Testing

/// Every code of the service's refusals, reached over the wire in the demo lab.
@Suite("Refusals over the wire", .serialized, .timeLimit(.minutes(1)))
struct WireErrorTests {
    private let primary = "FGT60FTK20000001"
    private let secondary = "FGT60FTK20000002"
    private let owner = "FG100FTK20009876"
    private let owned = "FTKMOB947FDC1754"

    /// Sends one request to a fresh demo lab and returns the answer's body.
    private func answer(_ request: String, at path: String = Curl.process) async throws -> String {
        var body = ""
        try await ServiceWorld.run { world in
            let reply = try await world.post(request, to: path)
            #expect(reply.status == 200)
            body = reply.body
        }
        return body
    }

    /// The end of an activation's refusal: nothing was activated, and why.
    private func refusedActivation(_ code: Int, _ text: String) -> String {
        "\"license\":null,\"tokens\":[],\"result\":0,\(WireMessage.error(code, text))}}\n"
    }

    @Test func `a code never used in time is 14`() async throws {
        let body = try await answer(WireMessage.activation("DA8C-0508-1F31-4CF7-C990", by: "FG4H0ETB20900993"))
        #expect(body.hasSuffix(refusedActivation(14, "forticare license expired")))
    }

    @Test(arguments: ["FFFF-0000-FFFF-0000-FFFF", "4D5E-6F70-8192-A3B4-C5D6"])
    func `a code that nobody issued or that was withdrawn is 16`(_ code: String) async throws {
        let body = try await answer(WireMessage.activation(code, by: primary))
        #expect(body.hasSuffix(refusedActivation(16, "forticare license card not found")))
    }

    @Test func `a request without a usable token is 17`() async throws {
        let body = try await answer(WireMessage.provision([], by: primary))
        #expect(body.hasSuffix("\"tokens\":[],\"result\":0,\(WireMessage.error(17, "no valid token found"))}}\n"))
    }

    @Test(arguments: ["FGVM000000000004", "FGT60FTK29999999"])
    func `a unit that is not registered or not known is 21`(_ serial: String) async throws {
        let body = try await answer(WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: serial))
        #expect(body.hasSuffix(refusedActivation(21, "Product is not registered")))
    }

    @Test func `a token of another unit is 31, and 17 at the top where it was the only one`() async throws {
        let body = try await answer(WireMessage.provision([owned], by: primary))
        #expect(
            body.contains(
                "{\"token\":\"\(owned)\",\"license\":null,\"token_activation_code\":null,\"qr_code\":null,"
                    + "\"code_expire\":null,\(WireMessage.error(31, "token does not belong to product"))}"
            )
        )
        #expect(body.hasSuffix("\"result\":0,\(WireMessage.error(17, "no valid token found"))}}\n"))
    }

    @Test func `a stale trial's token is 31 until the trial is imported again`() async throws {
        try await ServiceWorld.run { world in
            let serial = "FGT40FTK20000003"
            let zeros = WireMessage.activation("0000-0000-0000-0000-0000", by: serial)
            // The document lists no token of this trial, so an import names them; a second server is asked before one.
            let tokens = WireMessage.values(of: "token", in: try await world.post(zeros).body)
            #expect(tokens.count == 2)
            let after = try await world.post(WireMessage.polling(tokens, by: serial)).body
            #expect(!after.contains("\"error_code\""))
            try await ServerProcess.serve { stale in
                let before = try await Curl(stale).post(WireMessage.polling(tokens, by: serial)).body
                #expect(before.contains(WireMessage.error(31, "token does not belong to product")))
            }
        }
    }

    @Test func `an activation code that nobody was given is 40`() async throws {
        let body = try await answer(WireMessage.mobile("00112233445566AA"), at: Curl.mobile)
        #expect(body.hasSuffix("\(WireMessage.error(40, "FTM token Activation Code is invalid"))}}\n"))
    }

    @Test func `a second phone is 40, and the first may come again`() async throws {
        try await ServiceWorld.run { world in
            let provisioned = try await world.post(WireMessage.provision([owned], by: owner)).body
            let code = try #require(WireMessage.values(of: "token_activation_code", in: provisioned).first)
            let digits = WireMessage.digits(ofActivationCode: code)
            let first = try await world.post(WireMessage.mobile(digits), to: Curl.mobile).body
            #expect(first.contains("\"token\":\"\(owned)\""))
            let other = WireMessage.mobile(digits, phone: "FEDCBA9876543210")
            let second = try await world.post(other, to: Curl.mobile).body
            #expect(second.contains(WireMessage.error(40, "FTM token Activation Code is invalid")))
            // Phones send either case.
            let again = try await world.post(WireMessage.mobile(digits.lowercased()), to: Curl.mobile).body
            #expect(again == first)
        }
    }

    @Test func `an unknown type is 901`() async throws {
        let body = try await answer("{\"d\":{\"__type\":\"SoftToken.TransferRequest\"}}")
        #expect(body.hasSuffix("\"result\":0,\(WireMessage.error(901, "unknown request type"))}}\n"))
    }

    @Test func `a type of the other path is 901`() async throws {
        let body = try await answer(WireMessage.mobile("00112233445566AA"))
        #expect(body.contains("\"error_code\":901"))
    }

    @Test func `a license registered to the peer is 903 on the primary that lists it`() async throws {
        let body = try await answer(
            WireMessage.activation("2B3C-4D5E-6F70-8192-A3B4", by: primary, with: [secondary])
        )
        #expect(body.hasSuffix(refusedActivation(903, "license is registered to another product")))
    }

    @Test(
        arguments: [
            ("{\"d\":{\"__type\":\"SoftToken.PollingRequest\"}}", "serial_number"),
            (WireMessage.activation("DA8C", by: "FGT60FTK20000001"), "license_activation_code"),
            (WireMessage.polling([], by: "not a serial"), "serial_number"),
        ]
    )
    func `a field that is missing or wrong is 904 and named`(_ request: String, _ field: String) async throws {
        let body = try await answer(request)
        #expect(body.contains(WireMessage.error(904, "request field is missing or invalid: \(field)")))
    }

    @Test func `one token twice in a request is 904 the second time`() async throws {
        let body = try await answer(WireMessage.provision([owned, owned], by: owner))
        #expect(WireMessage.values(of: "token_activation_code", in: body).count == 1)
        let fault = WireMessage.error(904, "request field is missing or invalid: token")
        #expect(body.contains("\"code_expire\":null,\(fault)"))
        #expect(body.hasSuffix("\"result\":1,\"error\":null}}\n"))
    }

    @Test(arguments: [59, 10_081])
    func `an expiry out of its range is 904`(_ minutes: Int) async throws {
        let body = try await answer(WireMessage.provision([owned], by: owner, codeExpire: minutes))
        // Defect: a token's 904 named no member.
        #expect(body.contains(WireMessage.error(904, "request field is missing or invalid: code_expire")))
        #expect(!body.contains(WireMessage.error(31, "token does not belong to product")))
    }

    @Test func `a locked token is 905`() async throws {
        let body = try await answer(WireMessage.provision(["FTKMOB00000010CC"], by: owner))
        #expect(body.contains("\"code_expire\":null,\(WireMessage.error(905, "token is locked"))}"))
    }

    @Test func `an unregistered peer is named in its element, and the request still works`() async throws {
        let request = WireMessage.activation(
            "0000-0000-0000-0000-0000",
            by: "FG140E4Q17000494",
            with: ["FG140E4Q17000407"]
        )
        let body = try await answer(request)
        #expect(
            body.contains(
                "\"__clustered_sns\":[{\"sn\":\"FG140E4Q17000407\",\"error\":\"Product is not registered\"},"
                    + "{\"sn\":\"FG140E4Q17000494\",\"error\":null}]"
            )
        )
        #expect(body.hasSuffix("\"result\":1,\"error\":null}}\n"))
    }
}
