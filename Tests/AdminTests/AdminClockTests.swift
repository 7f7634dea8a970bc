import TestKit
import Testing

/// Stories of testers who move a lab's clock.
@Suite("Admin, the lab's clock", .timeLimit(.minutes(2)))
struct AdminClockTests {
    private let unit = "FGT60FTK20000001"

    @Test func `a license that is good until tomorrow ends two days later`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let lab = AdminPlane.lab()
            let frozen = try await admin.call(
                "PUT",
                lab + "/clock",
                #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#
            )
            #expect(frozen.status == 200 && frozen.string("now") == "2027-03-01T12:00:00Z")
            let license = try await admin.post(lab + "/licenses", #"{"size":2,"validUntil":"2027-03-02"}"#)
            #expect(license.status == 201, "\(license.text)")
            let code = try #require(license.string("code"))
            #expect(license.strings("tokens")?.count == 2)
            // Still frozen: no second has passed.
            #expect(try await admin.get(lab + "/clock").string("now") == "2027-03-01T12:00:00Z")
            let moved = try await admin.post(lab + "/clock/advance", #"{"seconds":172800}"#)
            #expect(moved.string("now") == "2027-03-03T12:00:00Z")
            let late = try await world.post(WireMessage.activation(code, by: unit)).body
            #expect(late.contains(WireMessage.error(14, "forticare license expired")), "\(late)")
            // The operator is generous: the same code works once its day was moved.
            let number = try #require(license.string("number"))
            let patched = try await admin.call("PATCH", lab + "/licenses/\(number)", #"{"validUntil":"2027-03-03"}"#)
            #expect(patched.status == 200, "\(patched.text)")
            let now = try await world.post(WireMessage.activation(code, by: unit)).body
            #expect(now.contains("\"license\":\"\(number)\""), "\(now)")
        }
    }

    @Test func `seventy-two hours pass in one call, and so does the code's time`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let owned = "FTKMOB947FDC1754"
            let provisioned = try await world.post(WireMessage.provision([owned], by: "FG100FTK20009876")).body
            let code = try #require(WireMessage.values(of: "token_activation_code", in: provisioned).first)
            let token = AdminPlane.lab() + "/tokens/\(owned)"
            #expect(try await admin.get(token).string("state") == "pending")
            _ = try await admin.post(AdminPlane.lab() + "/clock/advance", #"{"seconds":259200}"#)
            #expect(try await admin.get(token).string("state") == "expired")
            let phone = WireMessage.mobile(WireMessage.digits(ofActivationCode: code))
            let refused = try await world.post(phone, to: Curl.mobile).body
            #expect(refused.contains("\"error_code\":40"), "\(refused)")
        }
    }

    @Test func `a transferred license covers both units for its grace, then the new one alone`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let lab = AdminPlane.lab()
            _ = try await admin.call("PUT", lab + "/clock", #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#)
            let activated = try await world.post(WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit)).body
            let token = try #require(WireMessage.values(of: "token", in: activated).first)
            let provisioned = try await world.post(WireMessage.provision([token], by: unit)).body
            #expect(WireMessage.values(of: "token_activation_code", in: provisioned).count == 1)
            let other = "FG4H0ETB20900993"
            let transfer = try await admin.post(
                lab + "/licenses/EFTM000000000001/transfer",
                "{\"to\":\"\(other)\",\"graceSeconds\":3600}"
            )
            #expect(transfer.status == 200 && transfer.string("owner") == other, "\(transfer.text)")
            #expect(transfer.string("grace.to") == unit)
            for serial in [unit, other] {
                let poll = try await world.post(WireMessage.polling([token], by: serial)).body
                #expect(poll.contains("\"result\":1"), "\(serial): \(poll)")
            }
            _ = try await admin.post(lab + "/clock/advance", #"{"seconds":3600}"#)
            let old = try await world.post(WireMessage.polling([token], by: unit)).body
            #expect(old.contains(WireMessage.error(31, "token does not belong to product")), "\(old)")
            let new = try await world.post(WireMessage.polling([token], by: other)).body
            #expect(new.contains("\"status\":\"available\""), "\(new)")
        }
    }

    @Test(
        arguments: [
            ("{}", "give mode, now or certificates"), (#"{"mode":"stopped"}"#, "mode must be running or frozen"),
            (#"{"now":"yesterday"}"#, "now must be a time"), (#"{"now":"1969-12-31T23:59:59Z"}"#, "now must be a time"),
            (#"{"speed":2}"#, "no field \"speed\""), ("[]", "must be an object"), ("{", "is no JSON"),
        ]
    )
    func `a setting that makes no sense is refused, and says why`(body: String, words: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.admin.call("PUT", AdminPlane.lab() + "/clock", body)
            #expect([400, 422].contains(reply.status))
            #expect(reply.contentType == "application/problem+json")
            #expect(reply.string("detail")?.contains(words) == true, "\(reply.text)")
        }
    }
}
