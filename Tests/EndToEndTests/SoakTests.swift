import Foundation
import TestKit
import Testing

/// `FAUXGUARD_SOAK=1` runs these; `FAUXGUARD_CONNECTIONS` (1,000,000) and `FAUXGUARD_HANDSHAKES` (20,000) say how much.
@Suite(
    .serialized,
    .timeLimit(.minutes(60)),
    .enabled(if: ProcessInfo.processInfo.environment["FAUXGUARD_SOAK"] != nil)
)
struct SoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let connections = environment["FAUXGUARD_CONNECTIONS"].flatMap { Int($0) } ?? 1_000_000
    private static let handshakes = environment["FAUXGUARD_HANDSHAKES"].flatMap { Int($0) } ?? 20_000

    /// How much more memory the server may hold at the end than halfway, in KiB.
    ///
    /// An allocator's breath, 4 MiB: of a million connections, a leak of ten bytes each would be more.
    private static let growth = 4096
    private static let threads = 4
    private static let samples = 20

    @Test func `bare connections leave no memory and no descriptor behind`() async throws {
        try await Self.soak("bare connections", count: Self.connections) { server, thread, count in
            let port = UInt16(server.port)
            for index in 0..<count {
                // Each address has its own ports, so that none is used again while its last connection lingers.
                let host = UInt8(2 + (index / 1000 * Self.threads + thread) % 250)
                let client = try TestClient(port: port, host: host)
                switch index % 16 {
                case 0:
                    // Waits until this one, and so every one before it, was accepted: the backlog never overflows.
                    client.finishSending()
                    guard try client.receive() == .end else { throw TestKitError("a bare connection was not closed") }
                case 1...8: client.reset()
                default: client.close()
                }
            }
        }
    }

    @Test func `full handshakes leave no memory and no descriptor behind`() async throws {
        try await Self.soak("full handshakes", count: Self.handshakes) { server, _, count in
            let context = try server.clientContext()
            for index in 0..<count {
                let client = try server.connect(trusting: context)
                guard client.hasResumed == false else { throw TestKitError("a session was resumed") }
                if index.isMultiple(of: 10), try client.post("{}").status != 500 { throw TestKitError("no answer") }
                if index.isMultiple(of: 3) { client.reset() } else { client.close() }
            }
        }
    }

    /// Lets `work` do a part of `count` on each thread again and again, and holds what the server has afterwards
    /// against what it had before and halfway.
    private static func soak(
        _ name: String,
        count: Int,
        _ work: @escaping @Sendable (ServerProcess, Int, Int) throws -> Void
    ) async throws {
        let server = try await ServerProcess.start(arguments: ["--loops", "2", "--log-level", "notice"])
        let descriptors = try await server.warmUp()
        var memory: [Int] = []
        let start = ContinuousClock.now
        let part = count / samples / threads
        for _ in 0..<samples {
            _ = try await Blocking.run(threads: threads) { thread in try work(server, thread, part) }
            memory.append(server.residentKiB)
        }
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        try await server.settle(atMost: descriptors)
        let done = part * threads * samples
        let rate = Int(Double(done) / seconds)
        print("soak: \(done) \(name) in \(Int(seconds)) s, \(rate)/s; \(descriptors) descriptors; KiB \(memory)")
        let half = memory[samples / 2 - 1]
        let last = memory[samples - 1]
        #expect(last <= half + growth, "from \(half) KiB halfway to \(last) KiB: \(memory)")
        #expect(server.descriptorCount <= descriptors)
        try await server.terminate()
    }
}
