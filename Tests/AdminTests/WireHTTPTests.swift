import TestKit
import Testing

@testable import Server

/// HTTP as the data plane answers it, whatever is asked.
@Suite("HTTP over the wire", .timeLimit(.minutes(1)))
struct WireHTTPTests {
    private static let request = WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656")

    /// What every answer has, whatever it says.
    private func expectManners(_ reply: Curl.Reply) {
        #expect(reply.value(of: "Server") == "FauxGuard/\(Server.version)")
        #expect(reply.value(of: "Content-Type") == "application/json; charset=utf-8")
        #expect(reply.value(of: "Content-Length") == "\(reply.body.utf8.count)")
        #expect(reply.value(of: "Date")?.hasSuffix(" GMT") == true)
    }

    /// A refusal's body: one line of JSON.
    private func expectRefusal(_ reply: Curl.Reply, _ status: Int, _ reason: String) {
        expectManners(reply)
        #expect(reply.status == status)
        #expect(reply.body == "{\"error\":\"\(reason)\"}\n")
    }

    @Test(
        arguments: [
            "/", "/SoftToken", "/SoftToken/Provisioning.asmx/", "/SoftToken/Provisioning.asmx/Poll",
            "/softtoken/provisioning.asmx/process", "/healthz", "/api/v1/oauth/token/",
            "/ES/api/registration/v3/products/list",
        ]
    )
    func `nothing is at any other path`(_ path: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.post(Self.request, to: path)
            expectRefusal(reply, 404, "nothing is at this path")
        }
    }

    @Test(
        arguments: [
            (Curl.process, "GET", "POST"), (Curl.process, "PUT", "POST"), (Curl.mobile, "DELETE", "POST"),
            (Curl.mobile, "PATCH", "POST"), (Curl.page, "POST", "GET, HEAD"), (Curl.process, "OPTIONS", "POST"),
        ]
    )
    func `a wrong method is told the right one`(_ path: String, _ method: String, _ allowed: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.send(method, path)
            expectRefusal(reply, 405, "this path takes \(allowed)")
            #expect(reply.value(of: "Allow") == allowed)
        }
    }

    @Test func `the page for people names the server and its methods`() async throws {
        try await ServiceWorld.run { world in
            let page = try await world.send("GET", Curl.page)
            #expect(page.status == 200)
            #expect(page.value(of: "Content-Type") == "text/html; charset=utf-8")
            for word in ["FauxGuard lab server", "/Process", "/Mobile", "PollingRequest"] {
                #expect(page.body.contains(word))
            }
            let head = try await world.send("HEAD", Curl.page)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.value(of: "Content-Length") == page.value(of: "Content-Length"))
        }
    }

    @Test(
        arguments: [
            "Content-Type:", "Content-Type: application/json", "Content-Type: text/xml; charset=utf-16",
            "Content-Type: application/json;charset=UTF-8", "Accept: application/json, text/javascript, */*, q=0.01",
        ]
    )
    func `any field of an appliance is taken`(_ field: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.send("POST", Curl.process, Self.request, fields: [field])
            expectManners(reply)
            #expect(reply.status == 200)
            #expect(reply.body.contains("\"license\":\"FTMTRIAL02062407\""))
        }
    }

    @Test func `a request may name its lab, and only one that exists`() async throws {
        try await ServiceWorld.run { world in
            let known = try await world.post(Self.request, lab: "default")
            #expect(known.status == 200)
            let unknown = try await world.send("POST", Curl.process, Self.request, fields: ["x-fauxguard-lab: team-a"])
            expectRefusal(unknown, 421, "no lab has the name in X-FauxGuard-Lab")
        }
    }

    @Test(arguments: ["", "not json", "[]", "\"d\"", "{}", "{\"d\":[]}", "{\"d\":{}", "{\"d\":{},\"d\":{}}"])
    func `a body that is no object with an object d fails as ASP.NET does`(_ body: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.post(body)
            expectManners(reply)
            #expect(reply.status == 500)
            #expect(reply.value(of: "jsonerror") == "true")
            #expect(reply.body.hasPrefix("{\"Message\":\"Invalid request: "))
            #expect(reply.body.hasSuffix(",\"StackTrace\":null,\"ExceptionType\":\"System.ArgumentException\"}\n"))
        }
    }
}
