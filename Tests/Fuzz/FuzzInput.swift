/// One input of a fuzzing run, and the ways in which it may arrive.
///
/// How it is cut follows from its own bytes, so that a finding repeats and the seeds stay plain text.
struct FuzzInput {
    /// What the peer sent.
    let bytes: [UInt8]
    private var state: UInt64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // FNV-1a, 64 bits (draft-eastlake-fnv section 3).
        state = bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    /// A number below `bound`; SplitMix64 (Steele, Lea and Flood, 2014) over the input's hash.
    mutating func draw(below bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    /// Ways to cut the input, as counts of bytes in hand after each piece: whole, at random, and byte by byte where it
    /// is short.
    mutating func arrivals() -> [[Int]] {
        var pieces: [Int] = []
        let longest = 1 + draw(below: 64)
        var end = 0
        while end < bytes.count {
            end = min(bytes.count, end + 1 + draw(below: longest))
            pieces.append(end)
        }
        let dripped = bytes.count <= 256 ? [Array(0...bytes.count)] : []
        return [[bytes.count], pieces] + dripped
    }
}

/// Ends the run as a finding, with the sentence that did not hold.
func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    guard holds else { fatalError(sentence()) }
}
