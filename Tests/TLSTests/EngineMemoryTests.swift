import Foundation
import Glibc
import TLS
import TestKit
import Testing

/// Each in a process of its own, so that nothing else allocates meanwhile.
@Suite(.enabled(if: !Sanitizer.isActive, "a sanitizer keeps freed memory, and finds leaks by itself"))
struct EngineMemoryTests {
    @Test(.timeLimit(.minutes(1))) func `a thousand engines leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            let identity = try EngineIdentities.localhost()
            let server = try ServerContext(identity: identity, ticketKeys: ticketKeys())
            let client = try ClientContext(trustAnchors: identity.chain)
            func openThousand() throws {
                for _ in 0..<1_000 {
                    var pair = try EnginePair(client: client, server: server)
                    _ = try pair.client.handshake()
                    pair.carry()
                    _ = try pair.server.handshake()
                }
            }
            try openThousand()
            let before = try residentKibibytes()
            try openThousand()
            let grown = try residentKibibytes() - before
            // One leaked SSL is over 4 KiB, so a thousand of them would be over 4,000.
            #expect(grown < 1_000, "\(grown) KiB more after a thousand engines")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `an idle connection is small`() async {
        await #expect(processExitsWith: .success) {
            let identity = try EngineIdentities.localhost()
            let server = try ServerContext(identity: identity, ticketKeys: ticketKeys())
            let client = try ClientContext(trustAnchors: identity.chain)
            func idle() throws -> IdleServer {
                var pair = try EnginePair(client: client, server: server)
                try pair.handshake()
                try writeAll([UInt8](repeating: 1, count: 600), to: &pair.client)
                pair.carry()
                _ = try readAll(&pair.server)
                try writeAll([UInt8](repeating: 2, count: 900), to: &pair.server)
                pair.carry()
                return pair.intoIdleServer()
            }
            var servers = try (0..<50).map { _ in try idle() }
            let before = try residentKibibytes()
            servers += try (0..<500).map { _ in try idle() }
            let each = (try residentKibibytes() - before) / 500
            #expect(each < 16, "\(each) KiB for each of \(servers.count) connections")
        }
    }
}

/// The server's end of a pair whose client is gone, as an object that an array can hold.
final class IdleServer {
    private let engine: Engine

    init(_ engine: consuming Engine) {
        self.engine = engine
    }
}

extension EnginePair {
    consuming func intoIdleServer() -> IdleServer {
        IdleServer(server)
    }
}

/// What the process holds in memory, from the second field of `/proc/self/statm` in pages of 4 KiB (proc(5)).
private func residentKibibytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(fields.count > 1 ? Int(fields[1]) : nil) * 4
}
