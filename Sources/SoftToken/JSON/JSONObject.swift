/// A reader's place in one object: which keys it has seen.
///
/// Sixteen keys are kept in place, which covers every object of the service without an allocation. An object with more
/// moves them to a set, so that a hostile one costs no more than its size.
package struct JSONObject: Sendable {
    private var first = InlineArray<16, JSONString>(repeating: .none)
    /// How many of the keys that were read are kept in place.
    private(set) var count = 0
    private var all: Set<[UInt8]>?

    /// Whether no key was read yet.
    var isFresh: Bool { count == 0 }

    /// Notes a key, and returns whether it is new to this object.
    @inline(__always)
    mutating func insert(_ key: JSONString, in bytes: Span<UInt8>) -> Bool {
        guard !contains(key, in: bytes) else { return false }
        if count < first.count {
            first[count] = key
            count += 1
        } else {
            insertBeyond(key, in: bytes)
        }
        return true
    }

    // Mutating, since a call that only reads is handed a copy of all keys.
    private mutating func contains(_ key: JSONString, in bytes: Span<UInt8>) -> Bool {
        if let all { return all.contains(key.unescaped(in: bytes)) }
        var index = 0
        while index < count {
            guard !first[index].equals(key, in: bytes) else { return true }
            index += 1
        }
        return false
    }

    @inline(never)
    private mutating func insertBeyond(_ key: JSONString, in bytes: Span<UInt8>) {
        var keys = all.take() ?? []
        if keys.isEmpty {
            for index in first.indices { keys.insert(first[index].unescaped(in: bytes)) }
        }
        keys.insert(key.unescaped(in: bytes))
        all = keys
    }
}

/// A reader's place in one array.
package struct JSONArray: Sendable {
    /// Whether no element was read yet.
    var isFresh = true
}
