import HTTP
import IO
import Server
import Testing

@testable import Admin

/// Streams and waits have bounds of their own, so that those that last leave room for calls that do not.
@Suite struct QuotaTests {
    private static let first = Caller(at: .v4(0x7F00_0001))
    private static let second = Caller(at: .v4(0x7F00_0002))

    @Test func `an address has three quarters, another one the rest, and each refusal names the limit and its setting`()
        throws
    {
        let quota = Quota(of: "streams", limit: 4, setting: "limits.adminStreams")
        var held = try (0..<3).map { _ in try quota.take(for: Self.first) }
        let own = #expect(throws: Problem.self) { _ = try quota.take(for: Self.first) }
        #expect(own?.status == .tooManyRequests)
        #expect(own?.detail.contains("3 streams of your address") == true)
        held.append(try quota.take(for: Self.second))
        let all = #expect(throws: Problem.self) { _ = try quota.take(for: Self.second) }
        #expect(all?.status == .serviceUnavailable)
        for problem in [own, all] { #expect(problem?.detail.contains("4") == true) }
        for problem in [own, all] { #expect(problem?.detail.contains("(limits.adminStreams)") == true) }
        withExtendedLifetime(held) {}
    }

    @Test func `one that is over makes room`() throws {
        let quota = Quota(of: "waits", limit: 1, setting: "limits.adminWaits")
        for _ in 0..<3 { _ = try quota.take(for: Self.first) }
        _ = try quota.take(for: Self.second)
    }
}
