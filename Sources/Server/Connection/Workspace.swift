import HTTP
import IO
import Journal

/// What a connection needs only while a request is under way: its bytes, their reader, the request, its record.
///
/// It is lent from the loop's spare ones with the first byte and given back with the last, so that an idle connection
/// holds none of it.
final class Workspace {
    /// What was read and not yet used.
    var input = InputBuffer()
    /// Looks for a request in it.
    var reader: RequestReader
    /// The last complete request.
    var request = HTTP.Request()
    /// What becomes known of its exchange.
    var exchange = ExchangeRecord(connection: 0)
    /// What the service made of its head, where that was asked.
    var ruling: HeadRuling?
    /// The rest of its answer, where that is made while it is sent.
    var stream: (any BodyStream)?
    /// What is said in clear to a peer that spoke no TLS, or was to hear none, once the connection's end is told.
    var farewell: [UInt8] = []
    /// When the request was complete.
    var begun = Instant.never

    /// A workspace for requests within `limits`.
    init(limits: RequestLimits) {
        reader = RequestReader(limits: limits)
    }

    /// Whether it holds nothing of a request.
    var isIdle: Bool { input.isEmpty && !hasBegun }

    /// Whether a request's first byte has come; the empty lines that may stand before it are none of it.
    var hasBegun: Bool { reader.stage != .idle }
}
