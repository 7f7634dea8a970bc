/// A place in a ClientHello's bytes and the end of the field it moves in.
///
/// The bytes come with every call, since a value that holds a span can't be returned. Running over the end is the
/// defect `length` of the field that was being read.
struct ClientHelloCursor {
    private(set) var position: Int
    private let end: Int
    private let field: ClientHelloField

    init(_ field: ClientHelloField, from position: Int, to end: Int) {
        self.position = position
        self.end = end
        self.field = field
    }

    var remaining: Int { end - position }

    var range: Range<Int> { position..<end }

    mutating func byte(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> UInt8 {
        guard position < end else { throw .length(field) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func short(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> UInt16 {
        guard remaining >= 2 else { throw .length(field) }
        defer { position += 2 }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    /// Steps over a field of `count` bytes and returns a cursor that stays inside it.
    mutating func part(_ field: ClientHelloField, of count: Int) throws(ClientHelloDefect) -> ClientHelloCursor {
        guard remaining >= count else { throw .length(field) }
        defer { position += count }
        return ClientHelloCursor(field, from: position, to: position + count)
    }

    /// A list with one byte of length before it that has to fill what is left.
    mutating func wholeShortList(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> ClientHelloCursor {
        let count = Int(try byte(of: bytes))
        guard count == remaining else { throw .length(field) }
        return try part(field, of: count)
    }

    /// A list with two bytes of length before it that has to fill what is left.
    mutating func wholeList(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> ClientHelloCursor {
        let count = Int(try short(of: bytes))
        guard count == remaining else { throw .length(field) }
        return try part(field, of: count)
    }

    /// All that is left as numbers of two bytes, at least one.
    mutating func shorts(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> [UInt16] {
        guard remaining > 0, remaining.isMultiple(of: 2) else { throw .length(field) }
        let (start, count) = (position, remaining / 2)
        position = end
        return [UInt16](capacity: count) { numbers in
            for index in 0..<count {
                let place = start &+ 2 &* index
                numbers.append(UInt16(bytes[place]) << 8 | UInt16(bytes[place &+ 1]))
            }
        }
    }

    /// All that is left as bytes, at least one.
    mutating func octets(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> [UInt8] {
        guard remaining > 0 else { throw .length(field) }
        defer { position = end }
        return range.map { bytes[$0] }
    }
}
