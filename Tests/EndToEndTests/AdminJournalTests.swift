import Foundation
import TestKit
import Testing

/// What the journal tells of connections that succeed, fail and are watched.
@Suite("Admin, the journal", .timeLimit(.minutes(2)))
struct AdminJournalTests {
    private let unit = "FGT60FTK20000001"
    private let journal = AdminPlane.lab() + "/journal"

    @Test func `an exchange is in the journal before its answer's last byte arrives`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            for round in 1...20 {
                _ = try await Curl(server).post(WireMessage.polling(["FTKMOB947FDC1754"], by: "FG100FTK20009876"))
                let page = try await admin.get(journal + "?type=PollingRequest&serial=FG100*")
                #expect((page["items"] as? [Any])?.count == round, "\(page.text)")
            }
        }
    }

    @Test func `a record tells of its connection and of the exchange as it was sent, without secrets`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            _ = try await Curl(server).post(WireMessage.provision(["FTKMOB947FDC1754"], by: "FG100FTK20009876"))
            let page = try await admin.get(journal + "?token=FTKMOB947FDC1754")
            #expect(page.string("items.0.sni") == "localhost")
            #expect(page.string("items.0.tls.version") == "TLSv1.3")
            #expect(page.string("items.0.listener") == "main")
            #expect(page.string("items.0.exchanges.0.license") == "EFTM000000000002")
            #expect(page.string("items.0.ja4")?.hasPrefix("t13d") == true)
            let id = try #require(page.int("items.0.id"))
            let record = try await admin.get(journal + "/\(id)")
            let sent = try #require(record.string("exchanges.0.request.body"))
            #expect(sent.contains("\"serial_number\":\"FG100FTK20009876\""))
            #expect(!record.text.contains(WireMessage.seed), "a seed is no matter for a journal")
            let whole = try await admin.get(journal + "/\(id)?secrets=true")
            #expect(whole.text.contains(WireMessage.seed))
            #expect(try await admin.get(journal + "/\(id)/export?format=har").string("log.version") == "1.2")
            #expect(try await admin.get(journal + "/\(id)/export?format=pcapng").status == 501)
            #expect(try await admin.get(journal + "/999999").status == 404)
        }
    }

    @Test func `whoever waits sees the handshake that fails meanwhile, and learns what nearly matched`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            async let seen = admin.post(
                journal + "/verify",
                #"{"where":{"alert":"unknown_ca","client":"127.0.0.1"},"atLeast":1,"within":20}"#
            )
            // Without the lab's CA, curl refuses the chain.
            let result = try await Command.run("curl", Curl.manners + [server.url])
            #expect(result.status == 60)
            let reply = try await seen
            #expect(reply.status == 200 && reply.int("observed") == 1, "\(reply.text)")
            let missed = try await admin.post(
                journal + "/verify",
                #"{"where":{"alert":"unknown_ca","client":"192.0.2.0/24"},"atLeast":1}"#
            )
            #expect(missed.status == 409 && missed.int("observed") == 0)
            #expect(missed.string("nearMisses.0.differs.0.filter") == "client", "\(missed.text)")
            #expect(missed.string("nearMisses.0.differs.0.found") == "127.0.0.1")
        }
    }

    @Test func `a stream tells of what happens, and goes on where a client left it`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let first = try ChildProcess(
                "curl",
                Curl.manners.dropLast(2) + ["--no-buffer", server.ready.admin + journal + "/stream"]
            )
            try await Deadline(in: .seconds(10)).wait(until: "stream") { first.output.contains(": journal of default") }
            _ = try await Curl(server).post(WireMessage.polling([], by: unit))
            try await Deadline(in: .seconds(10)).wait(until: "events") { first.output.contains("event: connection") }
            let ids = first.output.split(separator: "\n").filter { $0.hasPrefix("id: ") }
                .compactMap { Int($0.dropFirst(4)) }
            #expect(ids == [1, 2])
            first.signal(15)
            _ = try await Curl(server).post(WireMessage.polling([], by: "FGT60FTK20000002"))
            let again = try ChildProcess(
                "curl",
                Curl.manners.dropLast(2) + [
                    "--no-buffer", "--header", "Last-Event-ID: 1", server.ready.admin + journal + "/stream",
                ]
            )
            try await Deadline(in: .seconds(10)).wait(until: "missed events") { again.output.contains("id: 4\n") }
            let later = again.output.split(separator: "\n").filter { $0.hasPrefix("id: ") }
            #expect(later == ["id: 2", "id: 3", "id: 4"])
            again.signal(15)
            _ = try await admin.call("DELETE", journal)
            #expect((try await admin.get(journal)["items"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `a stream ends in good order when the server stops`() async throws {
        try await ServerProcess.serve { server in
            let url = server.ready.admin + journal + "/stream"
            let stream = try ChildProcess("curl", Curl.manners.dropLast(2) + ["--no-buffer", url])
            try await Deadline(in: .seconds(10)).wait(until: "stream") { stream.output.contains(": journal") }
            try await server.terminate()
            #expect(try await stream.wait() == .exited(0), "\(stream.errors)")
        }
    }

    @Test func `two runs of the same seed and requests have one canonical journal`() async throws {
        var forms: [String] = []
        for _ in 1...2 {
            try await ServerProcess.serve(arguments: ["--seed", "42"]) { server in
                _ = try await AdminPlane(server)
                    .call("PUT", AdminPlane.lab() + "/clock", #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#)
                _ = try await Curl(server).post(WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit))
                _ = try await Command.run("curl", Curl.manners + [server.url])
                _ = try await Curl(server).post(WireMessage.polling(["FTKMOB947FDC1754"], by: unit))
                try await AdminPlane(server).whenIdle()
                forms.append(try await AdminPlane(server).get(journal + "?form=canonical").text)
            }
        }
        #expect(forms[0] == forms[1])
        #expect(forms[0].contains("ActivationLicenseRequest") && forms[0].contains("unknown_ca"), "\(forms[0])")
    }

    @Test func `a journal that is switched off records nothing`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_JOURNAL_ENTRIES": "0"]) { server in
            _ = try await Curl(server).post(WireMessage.polling([], by: unit))
            #expect((try await AdminPlane(server).get(journal)["items"] as? [Any])?.isEmpty == true)
        }
    }
}
