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

    /// Only the order decided whether the certificate was shown.
    @Test func `a rule of a record leaves those of the hello their part, before it and behind`() async throws {
        try await FaultScene.serve { scene in
            let rules = [
                ("chain", "tls.certificate", #"{"profile":"trusted-rsa"}"#),
                ("cut", "tls.truncate", #"{"at":"finished","bytes":3}"#),
            ]
            for order in [rules, rules.reversed()] {
                for (name, effect, with) in order { try await scene.add(name, effect, with) }
                let report = try await ask(scene, .openssl)
                #expect(report.text.contains("unexpected eof while reading"), "\(report.text)")
                let record = try #require(try await scene.records(1).first)
                #expect(Set(record.rules) == ["chain", "cut"] && record.nearMisses.isEmpty)
                try await scene.clear()
            }
        }
    }

    /// The second had counted as one that acted, and done nothing.
    @Test func `of two rules on one record the second is a near miss`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("flip", "tls.corrupt", #"{"at":"certificate"}"#)
            try await scene.add("late", "tls.alert", #"{"at":"certificate","alert":"unknown_ca"}"#)
            _ = try await ask(scene)
            let record = try #require(try await scene.records(1).first)
            #expect(record.rules == ["flip"])
            #expect(record.nearMisses == ["certificate: another rule has that record"])
            try await expectCounts(["flip": 1, "late": 0], in: scene)
        }
    }

    @Test func `a record that the version does not have is a near miss, and counts for nothing`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add(
                "none",
                "tls.alert",
                #"{"at":"encryptedExtensions","alert":"unknown_ca"}"#,
                more: ",\"times\":1"
            )
            let report = try await scene.call(.curl, "TLSv1.2").start().end()
            #expect(FaultClient.curl.wasServed(report), "\(report.text)")
            let record = try #require(try await scene.records(1).first)
            #expect(record.rules.isEmpty)
            #expect(record.nearMisses == ["encryptedExtensions: a handshake of TLSv1.2 had no such record"])
            try await expectCounts(["none": 0], in: scene)
            // Its one time is still there, for a version that has the record.
            #expect(!FaultClient.curl.wasServed(try await ask(scene)))
            try await expectCounts(["none": 1], in: scene)
        }
    }

    /// A session from before the rule would have shown no certificate.
    @Test func `a connection under a rule of its handshake takes no session ticket`() async throws {
        try await FaultScene.serve { scene in
            let folder = try TemporaryFolder()
            let session = folder.path(of: "session.pem")
            let first = try await ask(scene, .openssl, ["-sess_out", session])
            #expect(FaultClient.openssl.wasServed(first), "\(first.text)")
            #expect(try await ask(scene, .openssl, ["-sess_in", session]).text.contains("Reused, TLSv1.3"))
            try await scene.add("chain", "tls.certificate", #"{"profile":"expired"}"#)
            let report = try await ask(scene, .openssl, ["-sess_in", session])
            #expect(!report.text.contains("Reused"), "\(report.text)")
            #expect(report.text.contains("certificate has expired"), "\(report.text)")
        }
    }

    @Test func `what names no profile, suite or group that there is, is refused`() async throws {
        try await FaultScene.serve { scene in
            for (effect, with, path, words) in [
                ("tls.certificate", #"{"profile":"expird"}"#, "with.profile", "did you mean expired?"),
                ("tls.ciphers", #"{"list":["TLS_NONE"]}"#, "with.list", "TLS_NONE"),
                ("tls.groups", #"{"list":["curve0"]}"#, "with.list", "curve0"),
            ] {
                let rule = "{\"do\":\"\(effect)\",\"with\":\(with)}"
                let reply = try await scene.admin.post(AdminPlane.lab() + "/faults", rule)
                #expect(reply.status == 422 && reply.string("path") == path, "\(reply.text)")
                #expect(reply.string("reason")?.contains(words) == true, "\(reply.text)")
            }
        }
    }

    /// A block page in clear had left whole.
    @Test func `a limit holds for what is sent in clear`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("limit", "tcp.limit", #"{"bytes":5}"#)
            try await scene.add("page", "tls.plaintext")
            _ = try await ask(scene)
            let record = try #require(try await scene.records(1).first)
            #expect(record.rules == ["limit", "page"] && record.bytesOut == 5)
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
            #expect(record.nearMisses == ["it lets 1 pass first", "it has acted 1 time"])
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
