import TestKit
import Testing

/// Several rules at once, and those that count.
@Suite("Rules together", .timeLimit(.minutes(1)))
struct RuleOrderTests {
    private func ask(_ scene: FaultScene, _ client: FaultClient = .curl, _ options: [String] = []) async throws
        -> FaultReport
    {
        var call = try scene.call(client, "TLSv1.3")
        call.options = options
        return try await call.start().end()
    }

    private func expectCounts(_ expected: [String: Int], in scene: FaultScene) async throws {
        for (name, count) in expected {
            let rule = try await scene.rule(name)
            #expect(rule.int("acted") == count, "\(rule.text)")
        }
    }

    @Test func `a slow handshake and a truncated answer`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("slow", "tls.slow", #"{"gap":"60ms"}"#)
            try await scene.add("cut", "http.truncate")
            let report = try await ask(scene)
            #expect(report.text.contains("transfer closed with 199 bytes remaining"), "\(report.text)")
            #expect(report.elapsed >= .milliseconds(240))
            #expect(try await scene.records(1).first?.rules == ["slow", "cut"])
        }
    }

    @Test func `another certificate with a bad staple`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("chain", "tls.certificate", #"{"profile":"trusted-rsa"}"#)
            try await scene.add("staple", "tls.staple", #"{"status":"revoked"}"#)
            let report = try await ask(scene, .openssl, ["-status"])
            #expect(report.text.contains("Cert Status: revoked"), "\(report.text)")
            #expect(report.text.contains("Server public key is 2048 bit"), "\(report.text)")
            #expect(try await ask(scene, .curl, ["--cert-status"]).text.contains("curl: (91)"))
            #expect(try await scene.records(2).map(\.rules) == [["chain", "staple"], ["chain", "staple"]])
        }
    }

    @Test func `a delay and then a status; behind a status nothing waits`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("wait", "http.delay", #"{"latency":"300ms"}"#)
            try await scene.add("refuse", "http.status", #"{"code":503}"#)
            try await scene.add("never", "http.blockPage")
            let report = try await ask(scene)
            #expect(report.text.contains("503 Service Unavailable") && report.elapsed >= .milliseconds(300))
            #expect(try await scene.records(1).first?.rules == ["wait", "refuse"])
            try await expectCounts(["wait": 1, "refuse": 1, "never": 0], in: scene)
        }
    }

    @Test func `of two rules of one effect the first acts, and the second once that has retired`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("first", "http.contentType", #"{"value":"text/a"}"#, more: ",\"times\":1")
            try await scene.add("second", "http.contentType", #"{"value":"text/b"}"#)
            #expect(try await ask(scene).text.contains("Content-Type: text/a"))
            #expect(try await ask(scene).text.contains("Content-Type: text/b"))
            let records = try await scene.records(2)
            #expect(records.map(\.rules) == [["first"], ["second"]])
            #expect(records.first?.nearMisses == ["another http.contentType acted before it"])
            try await expectCounts(["first": 1, "second": 1], in: scene)
        }
    }

    @Test func `a rule lets the first pass, and acts on the requests of one connection by turns`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("later", "http.status", #"{"code":503}"#, more: ",\"skip\":1,\"times\":1")
            let url = "https://localhost:\(try scene.port())\(Curl.process)"
            // The same connection for all three.
            let report = try await ask(scene, .curl, [url, url])
            let lines = report.text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("HTTP/1.1 ") }
            #expect(lines == ["HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable", "HTTP/1.1 200 OK"])
            let record = try #require(try await scene.records(1).first)
            #expect(record.rules == ["later"])
            #expect(record.nearMisses == ["it lets 1 pass first", "it has acted 1 times"])
        }
    }

    @Test func `a device certificate opens what others are refused, for its own serial alone`() async throws {
        try await FaultScene.serve { scene in
            let folder = try TemporaryFolder()
            func identity(_ serial: String) async throws -> String {
                let reply = try await scene.admin.post("/api/v1/pki/devices/\(serial)")
                try #require(reply.status == 200, "\(reply.text)")
                return try folder.write(reply.text + "\n", to: "\(serial).pem")
            }
            try await scene.add("mutual", "tls.clientCertificate", #"{"mode":"require"}"#)
            let own = try await ask(scene, .python, ["--identity", identity("FGT3HD3915801656")])
            #expect(FaultClient.python.wasServed(own), "\(own.text)")
            let other = try await ask(scene, .python, ["--identity", identity("FGT60FTK20000001")])
            #expect(other.text.contains("'error_code': 902"), "\(other.text)")
            try await expectCounts(["mutual": 2], in: scene)
        }
    }
}
