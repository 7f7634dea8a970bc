/// The entries of a request's arrays, and the values that every reading of a field shares.
extension JSONReader {
    /// Reads a `null` and returns true, or leaves another value and returns false.
    ///
    /// [our choice: null-is-absent] A member that is null counts as absent, as it does to the deserializer behind the
    /// real service's kind of endpoint.
    mutating func skipsAbsent(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard try nextByte(in: bytes) == 0x6E else { return false }
        try readNull(in: bytes)
        return true
    }

    /// Reads a string, or skips a value of another kind and returns nil.
    mutating func readStringIfAny(in bytes: Span<UInt8>) throws(JSONError) -> JSONString? {
        guard try nextByte(in: bytes) == 0x22 else {
            try skipValue(in: bytes)
            return nil
        }
        return try readString(in: bytes)
    }

    /// Reads the next key, and returns whether it is `name`, or leaves the object and returns nil.
    @inline(__always)
    mutating func nextKey(
        of object: inout JSONObject,
        is name: String,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> Bool? {
        try nextKey(of: &object, in: bytes)?.map(in: bytes) { $0.equals(name) }
    }

    /// Reads one entry of `__clustered_sns`; nil for one without a well-formed `sn`.
    mutating func readPeer(in bytes: Span<UInt8>) throws(JSONError) -> Serial? {
        guard try nextByte(in: bytes) == 0x7B else {
            try skipValue(in: bytes)
            return nil
        }
        var serial: Serial?
        var object = try beginObject(in: bytes)
        while let isSerial = try nextKey(of: &object, is: "sn", in: bytes) {
            if isSerial {
                serial = try readStringIfAny(in: bytes)?.map(in: bytes) { Serial($0) }
            } else {
                try skipValue(in: bytes)
            }
        }
        return serial
    }

    /// Reads one entry of a poll's `tokens`.
    mutating func readPollingEntry(in bytes: Span<UInt8>) throws(JSONError) -> PollingRequest.Entry {
        guard try nextByte(in: bytes) == 0x7B else {
            try skipValue(in: bytes)
            return .malformed(token: nil)
        }
        var token: JSONString?
        var object = try beginObject(in: bytes)
        while let isToken = try nextKey(of: &object, is: "token", in: bytes) {
            if isToken {
                token = try readStringIfAny(in: bytes)
            } else {
                try skipValue(in: bytes)
            }
        }
        guard let serial = token?.map(in: bytes, { TokenSerial($0) }) else {
            return .malformed(token: token?.text(of: 0...MessageLimits.echo, in: bytes))
        }
        return .token(serial)
    }

    /// Reads one entry of a provision's `tokens`.
    mutating func readProvisionEntry(in bytes: Span<UInt8>) throws(JSONError) -> ProvisionRequest.Entry {
        guard try nextByte(in: bytes) == 0x7B else {
            try skipValue(in: bytes)
            return .malformed(token: nil)
        }
        var draft = ProvisionEntryDraft()
        var object = try beginObject(in: bytes)
        while let key = try nextKey(of: &object, in: bytes) {
            if let field = key.map(in: bytes, { TokenField($0) }) {
                try draft.read(field, from: &self, in: bytes)
            } else {
                try skipValue(in: bytes)
            }
        }
        return draft.entry(in: bytes)
    }
}

extension JSONString {
    /// The text, or nil where it has fewer or more bytes of UTF-8 than `bounds` has room for.
    func text(of bounds: ClosedRange<Int>, in bytes: Span<UInt8>) -> String? {
        guard hasEscapes else { return bounds.contains(range.count) ? text(in: bytes) : nil }
        let plain = unescaped(in: bytes)
        return bounds.contains(plain.count) ? String(decoding: plain, as: UTF8.self) : nil
    }
}
