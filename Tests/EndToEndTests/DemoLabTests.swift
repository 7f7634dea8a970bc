import TestKit
import Testing

/// What `Config/registry.yaml` promises: the published exchanges, answered as they were published.
@Suite("Demo lab", .serialized, .timeLimit(.minutes(1)))
struct DemoLabTests {
    // The note of the third masks digits of a serial and a token; ours stand there.
    @Test(arguments: ["activation-expired", "provision-foreign", "provision-listed-alone"])
    func `a published exchange is answered byte for byte`(_ name: String) async throws {
        try await ServerProcess.serve { server in
            let request = try Repository.text("Tests/Fixtures/\(name).request.json")
            let reply = try await Curl(server).post(request)
            #expect(reply.status == 200)
            #expect(reply.body == (try Repository.text("Tests/Fixtures/\(name).response.json")))
        }
    }

    @Test func `the published poll names the trial license`() async throws {
        try await ServerProcess.serve { server in
            let reply = try await Curl(server).post(try Repository.text("Tests/Fixtures/polling.request.json"))
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
        try await ServerProcess.serve { server in
            let lab = AdminPlane.lab()
            let issue = #"{"size":10000,"number":"EFTM000000010000","code":"1000-0000-0000-0000-0001"}"#
            #expect(try await AdminPlane(server).post(lab + "/licenses", issue).status == 201)
            let unit = "FGT60FTK20000001"
            let curl = Curl(server)
            let redeemed = try await curl.post(WireMessage.activation("1000-0000-0000-0000-0001", by: unit)).body
            let tokens = WireMessage.values(of: "token", in: redeemed)
            #expect(Set(tokens).count == 10_000)
            let polled = try await curl.post(WireMessage.polling(tokens, by: unit)).body
            #expect(polled.hasSuffix("\"result\":1,\"error\":null}}\n"))
            #expect(WireMessage.values(of: "status", in: polled) == Array(repeating: "available", count: 10_000))
        }
    }

    @Test func `the curl line of the banner activates a license`() async throws {
        try await ServerProcess.serve { server in
            let banner = server.process.output.split(separator: "\n").map(String.init)
            let line = try #require(banner.first { $0.hasPrefix("  curl ") })
            // As a person would: pasted into a shell.
            let result = try await Command.run(
                "/bin/sh",
                ["-c", line.replacing("curl ", with: "curl -q -sS ", maxReplacements: 1)]
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("\"license\":\"EFTM000000000001\""))
            #expect(WireMessage.values(of: "token", in: result.output).count == 5)
            #expect(result.output.hasSuffix("\"result\":1,\"error\":null}}\n"))
        }
    }
}
