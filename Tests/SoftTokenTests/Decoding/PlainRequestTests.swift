import SoftToken
import TestKit
import Testing

/// A request that is written as appliances write it is read by words, and any other by the rules of JSON.
///
/// Both have to make the same of what both can read: a line feed before a document has it read by the rules.
@Suite
struct `Plain requests` {
    private static let messages = [
        WireMessage.polling(with: ["FGT60FTK20000002"]),
        WireMessage.polling([WireMessage.token, WireMessage.token], by: "FG-1"),
        WireMessage.provision([WireMessage.token, "FTKMOB947FDC1755"]), WireMessage.activation(with: ["A"]),
        WireMessage.polling().replacing(":", with: ": ").replacing(",", with: ", ").replacing("}", with: " }"),
    ]

    @Test(arguments: messages) func `each is understood`(message: String) {
        guard case .request = decode(message) else {
            Issue.record("\(decode(message))")
            return
        }
        expectSame(message)
    }

    @Test(arguments: messages) func `with any byte changed, left out or put in twice it is the same either way`(
        message: String
    ) {
        let bytes = Array(message.utf8)
        for place in bytes.indices {
            for byte in [0x00, 0x20, 0x22, 0x2C, 0x30, 0x3A, 0x41, 0x5C, 0x5D, 0x7D, 0xC3] as [UInt8] {
                var changed = bytes
                changed[place] = byte
                expectSame(changed)
                changed.insert(bytes[place], at: place)
                expectSame(changed)
            }
            var shorter = bytes
            shorter.remove(at: place)
            expectSame(shorter)
            expectSame(Array(bytes[...place]))
        }
    }

    @Test(arguments: messages) func `a member that stands twice is refused either way`(message: String) {
        for name in [
            "__version", "serial_number", "__device_version", "__device_build", "__clustered_sns", "tokens", "sn",
        ] {
            let twice = message.replacing("\"\(name)\":", with: "\"\(name)\":\"4\",\"\(name)\":")
            guard twice != message else { continue }
            guard case .notJSON(let error) = decode(twice) else {
                Issue.record("\(name) stands twice")
                continue
            }
            #expect(error.kind == .duplicateKey)
            expectSame(twice)
        }
    }

    @Test(arguments: [0, 1, 2, 31, 32, 33]) func `lists are as long as they are sent, whatever was read before`(
        count: Int
    ) {
        var lists = RequestLists()
        for count in [count, 3, count] {
            let tokens = (0..<count).map { TokenSerial(number: UInt64($0)).description }
            let message = WireMessage.polling(tokens, with: (0..<count).map { "FGT60FTK\(20_000_010 + $0)" })
            let bytes = Array(message.utf8)
            #expect(RequestDecoder.decode(bytes.span, at: .process, keeping: &lists) == decode("\n" + message))
            guard case .request(.polling(let poll)) = decode(message) else {
                // The unit itself is one of 32.
                #expect(count > 31)
                continue
            }
            #expect(poll.tokens.count == count)
            #expect(poll.header.cluster.count == count + 1)
        }
    }

    @Test func `a request that is kept does not change with the next`() throws {
        var lists = RequestLists()
        let (first, second) = (
            Array(WireMessage.polling().utf8), Array(WireMessage.polling(["FTKMOB0000000000"], by: "FG-1").utf8)
        )
        let kept = RequestDecoder.decode(first.span, at: .process, keeping: &lists)
        let copy = decode(WireMessage.polling())
        _ = RequestDecoder.decode(second.span, at: .process, keeping: &lists)
        #expect(kept == copy)
    }

    private func decode(_ text: String) -> Decoded {
        let bytes = Array(text.utf8)
        return RequestDecoder.decode(bytes.span, at: .process)
    }

    private func expectSame(_ text: String) { expectSame(Array(text.utf8)) }

    private func expectSame(_ bytes: [UInt8]) {
        let slow = [0x0A] + bytes
        var expected = RequestDecoder.decode(slow.span, at: .process)
        if case .notJSON(let error) = expected {
            expected = .notJSON(JSONError(error.kind, at: max(error.offset - 1, 0)))
        }
        let decoded = RequestDecoder.decode(bytes.span, at: .process)
        guard decoded != expected else { return }
        Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(decoded), by the rules \(expected)")
    }
}
