import Client
import Testing

@Suite("Event streams")
struct EventStreamTests {
    static let text =
        "\u{FEFF}: hello\nretry: 1000\n\nid: 7\r\nevent: exchange\r\ndata: {\"a\":1}\r\n\r\ndata: one\rdata:two\r\rid\ndata\n\n"
        + "event: only\n\ndata: unfinished\n"

    static let events: [EventStream.Event]? = EventStreamTests.read(Array(text.utf8), in: [])

    static func read(_ bytes: [UInt8], in pieces: [Int]) -> [EventStream.Event]? {
        var stream = EventStream()
        var events: [EventStream.Event] = []
        var rest = bytes[...]
        for size in pieces {
            guard let more = stream.read(rest.prefix(size)) else { return nil }
            events += more
            rest = rest.dropFirst(size)
        }
        guard let more = stream.read(rest) else { return nil }
        return events + more
    }

    @Test func `events are read with their kind, data and last id`() throws {
        let events = try #require(Self.events)
        #expect(events.map(\.data) == ["{\"a\":1}", "one\ntwo", ""])
        #expect(events.map(\.kind) == ["exchange", "message", "message"])
        #expect(events.map(\.id) == ["7", "7", ""])
    }

    @Test func `a stream split anywhere means the same`() {
        let bytes = Array(Self.text.utf8)
        for position in 1..<bytes.count {
            #expect(Self.read(bytes, in: [position]) == Self.events, "split at \(position)")
        }
    }

    @Test func `an event has a bound`() {
        let line = Array("data: ".utf8) + [UInt8](repeating: 0x61, count: EventStream.largestEvent)
        #expect(Self.read(line, in: []) == nil)
    }
}
