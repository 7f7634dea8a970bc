/// One request and its answer, without anything secret: no code, no seed, no body.
package struct ExchangeRecord: Sendable {
    /// The connection that carried it.
    package let connection: UInt64
    /// The request's method and path, as far as they could be read.
    package var method = ""
    /// The path, without its query.
    package var path = ""
    /// The HTTP status of the answer.
    package var status: UInt16 = 0
    /// The message's type without `SoftToken.`, such as `PollingRequest`.
    package var type: String?
    /// The requesting unit.
    package var serial: String?
    /// The service's error code at the top of the answer; nil where it carries none.
    package var code: Int?
    /// Why the request was refused, where it was.
    package var reason: String?
    /// Bytes of the request's body.
    package var requestBytes = 0
    /// Bytes of the answer's body.
    package var answerBytes = 0

    /// A record of an exchange on this connection.
    package init(connection: UInt64) {
        self.connection = connection
    }
}
