import TLS
import TLSNames
import Testing

@Suite struct ClientHelloMutationTests {
    /// SplitMix64 (Steele, Lea and Flood, 2014): a generator with a seed, so that a failure can be repeated.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `no change of a hello gives more than an outcome within the bounds`(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let originals = try [
            ClientHelloSample.captured(versions: .tls12 ... .tls13),
            ClientHelloSample.captured(versions: .tls12 ... .tls12, protocols: []),
            ClientHelloSample.records(ClientHelloSample.message(ClientHelloSample().body), of: 20),
        ]
        var outcomes: Set<String> = []
        for round in 0..<5_000 {
            let bytes = Self.mutated(originals[round % originals.count], &generator)
            let outcome = examine(bytes)
            #expect(outcome == Self.examinedInSteps(bytes, &generator), "seed \(seed), round \(round): \(bytes)")
            switch outcome {
            case .hello(let hello):
                #expect(hello.recordBytes <= bytes.count)
                outcomes.insert("hello")
            case .malformed: outcomes.insert("malformed")
            case .notTLS: outcomes.insert("not TLS")
            case .needsMore:
                #expect(bytes.count < ClientHelloReader.maximumBytes)
                outcomes.insert("needs more")
            }
        }
        #expect(outcomes.count == 4, "only \(outcomes)")
    }

    @Test func `noise is always judged within the promised bytes`() {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<20 {
            var bytes = (0..<ClientHelloReader.maximumBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if Bool.random(using: &generator) { bytes.replaceSubrange(0..<6, with: [22, 3, 1, 0x10, 0, 1]) }
            #expect(examine(bytes) != .needsMore)
        }
    }

    private static func mutated(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    /// Shown in growing pieces, until there is an outcome or nothing more to show.
    private static func examinedInSteps(
        _ bytes: [UInt8],
        _ generator: inout SeededGenerator
    ) -> ClientHelloReader.Outcome {
        var reader = ClientHelloReader()
        var shown = 0
        while true {
            shown = min(shown + Int.random(in: 1...64, using: &generator), bytes.count)
            let outcome = reader.examine(bytes.span.extracting(..<shown))
            guard outcome == .needsMore, shown < bytes.count else { return outcome }
        }
    }
}
