import Foundation
import Glibc
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct TraceTests {
    private static let calls =
        "recvfrom,recvmsg,read,readv,sendto,sendmsg,write,writev,pwrite64,pwritev,fdatasync,fsync"

    /// One connection's port and how many changes it was answered.
    private struct Changes: Sendable {
        let port: UInt16
        let count: Int
    }

    @Test func `no byte of an answer leaves before the log that holds its change is synced`() async throws {
        try await Self.checkTracer()
        let folder = try TemporaryFolder()
        let units = 8
        let ledgers = (0..<units).map { KillLedger(unit: $0, licenses: 1) }
        let server = try await ServerProcess.start(
            data: folder.path(of: "data"),
            registry: try folder.write(KillLedger.document(ledgers), to: "registry.yaml"),
            arguments: ["--loops", "2"],
            // A server built with the address sanitizer would look for leaks at its end, which it cannot do while
            // traced.
            environment: ["ASAN_OPTIONS": "detect_leaks=0"],
            under: ["strace", "-f", "-yy", "-s", "0", "-o", folder.path(of: "trace"), "-e", "trace=\(Self.calls)"],
            within: .seconds(60)
        )
        // One unit alone, so that each sync can be no other's; then all at once, so that changes share a sync.
        let alone = try await Blocking.run { try Self.change(ledgers[0], times: 6, on: server) }
        let together = try await Blocking.run(threads: units - 1) { index in
            try Self.change(ledgers[index + 1], times: 12, on: server)
        }
        // The tracer's child, not the tracer: that one would leave it running.
        kill(server.ready.pid, SIGTERM)
        #expect(try await server.process.wait() == .exited(0))

        let trace = TraceReading(try String(contentsOfFile: folder.path(of: "trace"), encoding: .utf8))
        for changes in [alone] + together {
            // Behind the handshake and a poll that changes nothing, each exchange is a change.
            let exchanges = trace.exchanges(ofClient: changes.port)
            try #require(exchanges.count > changes.count + 1, "port \(changes.port): \(exchanges)")
            let changing = exchanges.suffix(changes.count)
            for exchange in changing {
                let isDurable = trace.isDurable(exchange)
                #expect(isDurable, "port \(changes.port), \(exchange) of \(exchanges)")
            }
            let poll = exchanges[exchanges.count - changes.count - 1]
            if changes.port == alone.port {
                let isChange = trace.isDurable(poll)
                #expect(!isChange, "the trace cannot tell a poll from a change")
            }
        }
        let syncs = trace.calls.filter { $0.name == "fdatasync" && $0.concernsLog }
        let asked = together.map(\.count).reduce(alone.count, +)
        #expect(syncs.count >= alone.count && syncs.count <= asked + 20, "\(syncs.count) syncs for \(asked) changes")
    }

    /// Polls, redeems the unit's license, provisions its token several times and claims the last code, each behind the
    /// other's answer; the connection ends by a reset, so that its end is no exchange.
    private static func change(_ ledger: KillLedger, times: Int, on server: ServerProcess) throws -> Changes {
        let client = try server.connect(timeout: .seconds(30) * Sanitizer.slowdown)
        let poll = try client.post(WireMessage.polling([], by: ledger.serial))
        let redeemed = try client.post(WireMessage.activation(ledger.licenses[0].code, by: ledger.serial))
        let token = try #require(WireMessage.values(of: "token", in: redeemed.text).first)
        var code = ""
        for _ in 0..<times {
            let answer = try client.post(WireMessage.provision([token], by: ledger.serial))
            code = try #require(WireMessage.values(of: "token_activation_code", in: answer.text).first)
        }
        let digits = WireMessage.digits(ofActivationCode: code)
        let claimed = try client.post(WireMessage.mobile(digits, phone: ledger.phone), to: TestClient.mobile)
        guard poll.status == 200, claimed.text.contains("\"token\":\"\(token)\"") else {
            throw TestKitError("the claim was answered \(claimed.text)")
        }
        client.reset()
        return Changes(port: client.port, count: times + 2)
    }

    /// Cancels the test, saying why, where nothing can be traced.
    private static func checkTracer() async throws {
        let probe: Command.Result
        do {
            probe = try await Command.run("strace", ["-o", "/dev/null", "true"])
        } catch {
            print("trace test skipped: no strace (Tools/packages test installs it)")
            try Test.cancel("there is no strace")
        }
        guard probe.status == 0 else {
            print("trace test skipped: strace may not trace here: \(probe.errors)")
            try Test.cancel("strace may not trace here: \(probe.errors)")
        }
    }
}
