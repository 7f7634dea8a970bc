import TestKit
import Testing

/// HTTP as the data plane speaks it, seen by curl and by `openssl s_client`.
@Suite("HTTP over the wire", .serialized, .timeLimit(.minutes(1)))
struct WireHTTPTests {
    private static let request = WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656")

    /// What every answer has, whatever it says.
    private func expectManners(_ reply: Curl.Reply, from server: ServerProcess) {
        #expect(reply.value(of: "Server") == "FauxGuard/\(server.ready.version)")
        #expect(reply.value(of: "Content-Type") == "application/json; charset=utf-8")
        #expect(reply.value(of: "Content-Length") == "\(reply.body.utf8.count)")
        #expect(reply.value(of: "Date")?.hasSuffix(" GMT") == true)
    }

    /// A refusal's body: one line of JSON.
    private func expectRefusal(_ reply: Curl.Reply, _ status: Int, _ reason: String, from server: ServerProcess) {
        expectManners(reply, from: server)
        #expect(reply.status == status)
        #expect(reply.body == "{\"error\":\"\(reason)\"}\n")
    }

    @Test func `a body of 1 MiB is read, and one byte more is refused, chunked or not`() async throws {
        try await ServerProcess.serve { server in
            let curl = Curl(server)
            let limit = 1024 * 1024
            let padding = String(repeating: " ", count: limit - Self.request.utf8.count)
            let chunked = ["--header", "Transfer-Encoding: chunked"]
            for options in [[], chunked] {
                let largest = try await curl.post(Self.request + padding, options)
                #expect(largest.status == 200)
                #expect(largest.body.contains("\"license\":\"FTMTRIAL02062407\""))
                let larger = try await curl.post(Self.request + padding + " ", options)
                expectRefusal(larger, 413, "the body is over the limit", from: server)
                #expect(larger.value(of: "Connection") == "close")
            }
        }
    }

    @Test func `a head over 16 KiB is refused`() async throws {
        try await ServerProcess.serve { server in
            let curl = Curl(server)
            let fits = String(repeating: "a", count: 16 * 1024 - 512)
            let kept = try await curl.post(Self.request, ["--header", "X-Padding: \(fits)"])
            #expect(kept.status == 200)
            let refused = try await curl.post(Self.request, ["--header", "X-Padding: \(fits)\(fits)"])
            expectRefusal(refused, 431, "the head is over the limit", from: server)
            #expect(refused.value(of: "Connection") == "close")
        }
    }

    @Test func `what is no HTTP is 400 and the end of the connection`() async throws {
        try await ServerProcess.serve { server in
            let reply = try await Curl(server).reply(to: ["--request", "TWO WORDS"])
            expectManners(reply, from: server)
            #expect(reply.status == 400)
            #expect(reply.value(of: "Connection") == "close")
        }
    }

    @Test func `who expects 100 Continue gets it, unless the body would be refused`() async throws {
        try await ServerProcess.serve { server in
            let curl = Curl(server)
            let expecting = ["--verbose", "--header", "Expect: 100-continue", "--expect100-timeout", "15"]
            let welcome = try await curl.run(expecting + ["--data-binary", "@-"], input: Self.request)
            #expect(welcome.errors.contains("< HTTP/1.1 100 Continue"))
            #expect(welcome.errors.contains("< HTTP/1.1 200 OK"))
            #expect(welcome.output.contains("\"license\":\"FTMTRIAL02062407\""))
            let large = String(repeating: " ", count: 2 * 1024 * 1024)
            let refused = try await curl.run(expecting + ["--data-binary", "@-"], input: large)
            #expect(!refused.errors.contains("100 Continue"))
            #expect(refused.errors.contains("< HTTP/1.1 413 "))
        }
    }

    @Test func `a chunked request is read`() async throws {
        try await ServerProcess.serve { server in
            let reply = try await Curl(server).post(Self.request, ["--header", "Transfer-Encoding: chunked"])
            #expect(reply.status == 200)
            #expect(reply.body.contains("\"license\":\"FTMTRIAL02062407\""))
        }
    }

    @Test func `a connection is kept for the next request, and closed where the client asks`() async throws {
        try await ServerProcess.serve { server in
            let curl = Curl(server)
            let count = ["--output", "/dev/null", "--write-out", "%{http_code} %{num_connects}\n"]
            let again = count + [server.url + Curl.page]
            let kept = try await curl.run(again + again + count, path: Curl.page)
            #expect(kept.output == "200 1\n200 0\n200 0\n")
            let closing = ["--header", "Connection: close"]
            let closed = try await curl.run(closing + again + count, path: Curl.page)
            #expect(closed.output == "200 1\n200 1\n")
            let old = try await curl.reply(to: ["--http1.0", "--no-alpn"], path: Curl.page)
            #expect(old.status == 200)
            #expect(old.value(of: "Connection") != "keep-alive")
        }
    }

    @Test func `requests sent at once are answered in their order`() async throws {
        try await ServerProcess.serve { server in
            func post(_ path: String, _ body: String, _ field: String = "") -> String {
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            let text =
                post(Curl.process, Self.request)
                + post(Curl.process, WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: "FGT60FTK20000001"))
                + post(Curl.mobile, WireMessage.mobile("00112233445566AA"))
                + "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let result = try await Command.run(
                "openssl",
                ["s_client", "-quiet", "-verify_quiet", "-CAfile", server.authority]
                    + ["-connect", "127.0.0.1:\(server.port)", "-servername", "localhost"],
                input: text
            )
            let answers = ["PollingResponse", "ActivationLicenseResponse", "MobileProvisionResponse", "nothing is at"]
            var rest = result.output[...]
            for answer in answers {
                let place = try #require(rest.firstRange(of: answer), "\(answer) is missing in \(result.output)")
                rest = rest[place.upperBound...]
            }
            #expect(result.output.split(separator: "HTTP/1.1 ").count == answers.count)
        }
    }
}
