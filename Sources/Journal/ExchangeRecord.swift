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
