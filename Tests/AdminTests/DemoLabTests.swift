import TestKit
import Testing

/// What `Config/registry.yaml` promises: the published exchanges, answered as they were published.
@Suite("Demo lab", .timeLimit(.minutes(1)))
struct DemoLabTests {
    // The note of the third masks digits of a serial and a token; ours stand there.
    @Test(arguments: ["activation-expired", "provision-foreign", "provision-listed-alone"])
    func `a published exchange is answered byte for byte`(_ name: String) async throws {
        try await ServiceWorld.run { world in
            let request = try Repository.text("Tests/Fixtures/\(name).request.json")
            let reply = try await world.post(request)
            #expect(reply.status == 200)
            #expect(reply.body == (try Repository.text("Tests/Fixtures/\(name).response.json")))
        }
    }

    @Test func `the published poll names the trial license`() async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.post(try Repository.text("Tests/Fixtures/polling.request.json"))
            #expect(
                reply.body == """
                    {"d":{"__type":"SoftToken.PollingResponse","__version":"4","serial_number":"FGT3HD3915801656",\
                    "__device_version":"6.0","__device_build":"1914","__clustered_sns":[{"sn":"FGT3HD3915801685",\
                    "error":null},{"sn":"FGT3HD3915801656","error":null}],"tokens":[{"token":"FTKMOB83F91CD33B",\
                    "license":"FTMTRIAL02062407","reg_id":null,"os_ver":null,"status":"available","error":null}],\
                    "result":1,"error":null}}

                    """
            )
        }
    }

    // Defect: more than 1,000 tokens were refused as a malformed field, and licenses of 10,000 are sold.
    @Test func `a license of ten thousand tokens is redeemed and polled at once`() async throws {
        try await ServiceWorld.run { world in
            let lab = AdminPlane.lab()
            let issue = #"{"size":10000,"number":"EFTM000000010000","code":"1000-0000-0000-0000-0001"}"#
            #expect(try await world.admin.post(lab + "/licenses", issue).status == 201)
            let unit = "FGT60FTK20000001"
            let redeemed = try await world.post(WireMessage.activation("1000-0000-0000-0000-0001", by: unit)).body
            let tokens = WireMessage.values(of: "token", in: redeemed)
            #expect(Set(tokens).count == 10_000)
            let polled = try await world.post(WireMessage.polling(tokens, by: unit)).body
            #expect(polled.hasSuffix("\"result\":1,\"error\":null}}\n"))
            #expect(WireMessage.values(of: "status", in: polled) == Array(repeating: "available", count: 10_000))
        }
    }
}
