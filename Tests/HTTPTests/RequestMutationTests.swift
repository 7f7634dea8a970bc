import HTTP
import Testing

/// Damaged requests: whatever the damage, the reader must not trap, and must not care how the bytes arrive.
@Suite("Damaged requests")
struct RequestMutationTests {
    /// Small limits, so that damage reaches them too.
    private static let limits = RequestLimits(
        requestLineBytes: 64,
        headBytes: 320,
        fieldCount: 6,
        bodyBytes: 40,
        chunkLineBytes: 16,
        chunkFramingBytes: 64
    )

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `damage never traps and never makes the outcome depend on the splits`(seed: UInt64) {
        var chance = Chance(seed: seed)
        var completed = 0
        var refused: Set<Refusal.Rule> = []
        for round in 0..<400 {
            let sample = RequestReaderTests.samples[chance.below(RequestReaderTests.samples.count)]
            var bytes = Array(sample.utf8)
            for _ in 0..<1 + chance.below(3) {
                damage(&bytes, by: &chance)
            }
            let whole = Reading(bytes, pieces: [], limits: Self.limits)
            let pieces = (0..<bytes.count).map { _ in 1 + chance.below(7) }
            let split = Reading(bytes, pieces: pieces, limits: Self.limits)
            let dripped = Reading(bytes, pieces: repeatElement(1, count: bytes.count), limits: Self.limits)
            #expect(split.outcome == whole.outcome, "seed \(seed), round \(round): \(bytes)")
            #expect(dripped.outcome == whole.outcome, "seed \(seed), round \(round): \(bytes)")
            #expect(dripped.largestNeed <= Self.limits.largestRequest, "seed \(seed), round \(round): \(bytes)")
            completed += whole.requests.count
            if let refusal = whole.refusal {
                refused.insert(refusal.rule)
            }
        }
        // The damage must be of the interesting kind: some requests survive it, the others fail for many reasons.
        #expect(completed > 20, "seed \(seed)")
        #expect(refused.count > 12, "seed \(seed): \(refused)")
    }

    private func damage(_ bytes: inout [UInt8], by chance: inout Chance) {
        let alphabet = Array("\r\n\r\n\t :;,/?*#0159aAfFxX\"\u{0}\u{b}\u{7f}\u{e9}".utf8)
        let position = chance.below(bytes.count)
        let octet = alphabet[chance.below(alphabet.count)]
        switch chance.below(7) {
        case 0: bytes[position] = octet
        case 1: bytes.insert(octet, at: position)
        case 2: bytes.remove(at: position)
        case 3: bytes[position] ^= 1 << UInt8(chance.below(8))
        case 4: bytes.insert(contentsOf: bytes[position..<min(position + 24, bytes.count)], at: position)
        case 5: bytes.removeLast(chance.below(bytes.count - 1))
        default: duplicateLine(around: position, in: &bytes)
        }
        if bytes.isEmpty {
            bytes = [octet]
        }
    }

    private func duplicateLine(around position: Int, in bytes: inout [UInt8]) {
        let start = bytes[..<position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        bytes.insert(contentsOf: bytes[start..<end], at: end)
    }
}

/// A small generator with a seed (xorshift64*), so that a failing round can be run again.
private struct Chance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func below(_ bound: Int) -> Int {
        state ^= state &>> 12
        state ^= state &<< 25
        state ^= state &>> 27
        return bound > 0 ? Int((state &* 0x2545_F491_4F6C_DD1D) &>> 33) % bound : 0
    }
}
