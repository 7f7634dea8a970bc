import Faults
import HTTP
import IO
import Lab
import Notation
import TestKit
import Testing

/// A rule that comes into force while a connection's request is being answered.
@Suite("Rules that arrive", .timeLimit(.minutes(1))) struct RuleArrivalTests {
    /// Does something once, the next time that the lab's clock is read: on the loop, while it answers.
    private final class Hook: Sendable {
        private let action = Monitor<(@Sendable () -> Void)?>(nil)

        func arm(_ body: @escaping @Sendable () -> Void) { action.withLock { $0 = body } }

        func fire() {
            action.withLock { action in
                defer { action = nil }
                return action
            }?()
        }
    }

    /// It had seen the request before, whose facts outlived it.
    @Test func `a rule that arrives in the middle of a request does not take the one before for it`() async throws {
        let hook = Hook()
        let world = try await JournalWorld(loops: 1) {
            hook.fire()
            return JournalWorld.now
        }
        let faults = world.labs[0].faults
        let answers = try await world.client { client in
            // A rule that needs to know requests, so that the first one's facts are read.
            _ = try faults.add(try Self.rule("before", "http.empty", of: "FGT60FTK20000009"))
            let first = try client.post(WireMessage.polling())
            #expect(faults.remove("before"))
            hook.arm {
                #expect(throws: Never.self) {
                    _ = try faults.add(try Self.rule("arriving", "http.contentType", of: WireMessage.unit))
                }
            }
            let second = try client.post(WireMessage.polling(by: "FG100FTK20009876"))
            let third = try client.post(WireMessage.polling())
            return [first, second, third].map { $0.value(of: "content-type")?.hasPrefix("text/html") }
        }
        #expect(answers == [false, false, true])
        await world.stop()
    }

    /// It had acted on the answer of a lab that has no such rule.
    @Test func `a rule that arrives in the middle of another lab's request is none of that request's`() async throws {
        let hook = Hook()
        let world = try await JournalWorld(loops: 1) {
            hook.fire()
            return JournalWorld.now
        }
        let faults = world.labs[0].faults
        let answers = try await world.client { client in
            hook.arm {
                #expect(throws: Never.self) {
                    _ = try faults.add(try Rule(.object([.init("do", .string("http.contentType"))])))
                }
            }
            try client.send(TestClient.post(WireMessage.polling(), fields: ["X-FauxGuard-Lab: other"]))
            let first = try client.answer()
            let second = try client.post(WireMessage.polling())
            return [first, second].map { $0.value(of: "content-type")?.hasPrefix("text/html") }
        }
        #expect(answers == [false, true])
        await world.stop()
    }

    private static func rule(_ name: String, _ effect: String, of unit: String) throws -> Rule {
        let when = JSONValue.object([.init("serial", .string(unit))])
        return try Rule(.object([.init("name", .string(name)), .init("when", when), .init("do", .string(effect))]))
    }
}
