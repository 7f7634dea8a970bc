package import SoftToken

/// One request and its answer, or the want of one, without anything secret: no code, no seed, no body.
package struct ExchangeRecord: Sendable {
    /// The connection that carried it.
    package private(set) var connection: UInt64
    /// The request's method and path, as far as they could be read.
    package var method = ""
    /// The path, without its query.
    package var path = ""
    /// The HTTP status of the answer; 0 where a fault rule kept the request from the service, and nothing was answered.
    package var status: UInt16 = 0
    /// The message's type without `SoftToken.`, such as `PollingRequest`.
    package var type: String?
    /// The requesting unit.
    package var serial: Serial?
    /// The license that the answer is about, or the request where the service never saw it; the first of several.
    package var license: LicenseNumber?
    /// The tokens that the answer is about, or the request where the service never saw it.
    package var tokens = TokenNotes()
    /// The service's error code at the top of the answer; nil where it carries none.
    package var code: Int?
    /// Why the answer is no plain one of the service: why it refused, or what a rule made of it.
    package var reason: String?
    /// Bytes of the request's body.
    package var requestBytes = 0
    /// Bytes of the answer's body.
    package var answerBytes = 0
    /// What the fault rules of its lab had to do with it and, before it, with its connection.
    package var rules = RuleNotes()
    /// Its place among the exchanges of its connection, counted from 1.
    package var number: UInt32 = 1
    /// Whether a rule acted on the request and its answer is still to come, with a record of its own.
    package var isPending = false

    /// A record of an exchange on this connection.
    package init(connection: UInt64) {
        self.connection = connection
    }

    /// Begins again for the next exchange, on this connection, with the memory that it has.
    package mutating func begin(on connection: UInt64) {
        var tokens = TokenNotes()
        swap(&tokens, &self.tokens)
        self = ExchangeRecord(connection: connection)
        tokens.removeAll()
        swap(&tokens, &self.tokens)
    }
}

/// The tokens of one exchange, each with the code that it was answered: bytes that need no rearranging to be kept.
///
/// A token is a length (255 for one that the request did not name), the name, and four bytes of code.
package struct TokenNotes: Sendable, Equatable {
    /// One token.
    package struct Note: Sendable, Equatable {
        /// What the request called it; nil where it named none.
        package let token: String?
        /// The service's code for it; nil where it has none: it is well, or the request was not served.
        package let code: Int?
    }

    /// The notes as they are kept.
    package private(set) var bytes: [UInt8] = []
    /// Whether there were more than are noted.
    package private(set) var isCut = false

    /// The most bytes that are kept: some 750 tokens.
    private static let limit = 16 * 1024
    private static let longestName = 64
    private static let noName: UInt8 = 255
    private static let noCode = Int32.min

    /// None yet.
    package init() {}

    /// Those that were kept.
    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Forgets them and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        isCut = false
    }

    /// Notes a token.
    package mutating func append(_ token: TokenSerial, code: Int? = nil) {
        guard hasRoom() else { return }
        bytes.append(16)
        token.text.append(to: &bytes)
        append(code)
    }

    /// Notes what the request named in a token's place.
    package mutating func append(named token: String?, code: Int?) {
        guard hasRoom() else { return }
        if let name = token?.utf8.prefix(Self.longestName) {
            bytes.append(UInt8(name.count))
            bytes += name
        } else {
            bytes.append(Self.noName)
        }
        append(code)
    }

    private mutating func hasRoom() -> Bool {
        if bytes.count > Self.limit - Self.longestName - 5 { isCut = true }
        return !isCut
    }

    private mutating func append(_ code: Int?) {
        let number = UInt32(bitPattern: code.map { Int32(clamping: $0) } ?? Self.noCode)
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number >> 16))
        bytes.append(UInt8(truncatingIfNeeded: number >> 24))
    }

    /// The notes, in the answer's order.
    package var all: [Note] {
        var notes: [Note] = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            let name = length == Self.noName ? nil : rest.prefix(Int(length))
            rest = rest.dropFirst(name?.count ?? 0)
            guard rest.count >= 4 else { break }
            let number = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(4)
            let code = Int32(bitPattern: number)
            notes.append(
                Note(
                    token: name.map { String(decoding: $0, as: UTF8.self) },
                    code: code == Self.noCode ? nil : Int(code)
                )
            )
        }
        return notes
    }
}
