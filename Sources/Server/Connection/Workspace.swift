import HTTP
import IO
import Journal

/// What a connection needs only while a request is under way: its bytes, their reader, the request, its record.
///
/// It is lent from the loop's spare ones with the first byte and given back with the last, so that an idle connection
/// holds none of it.
///
/// What is lent to closures and calls as it lies here is in ``Contents``, whose accesses are not checked while the program
/// runs: a workspace belongs to one connection, a connection to one loop, and nothing that borrows a part of it comes back
/// to the same part.
final class Workspace {
    /// What a workspace holds.
    private struct Contents: ~Copyable {
        var input = InputBuffer()
        var reader = RequestReader()
        var request = HTTP.Request()
        var exchange = ExchangeRecord(connection: 0)
    }

    @exclusivity(unchecked) private var contents = Contents()

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

    /// What was read and not yet used.
    var input: InputBuffer {
        _read { yield unsafe contents.input }
        _modify { yield unsafe &contents.input }
    }

    /// Looks for a request in it.
    var reader: RequestReader {
        _read { yield unsafe contents.reader }
        _modify { yield unsafe &contents.reader }
    }

    /// The last complete request.
    var request: HTTP.Request {
        _read { yield unsafe contents.request }
        _modify { yield unsafe &contents.request }
    }

    /// What becomes known of its exchange.
    var exchange: ExchangeRecord {
        _read { yield unsafe contents.exchange }
        _modify { yield unsafe &contents.exchange }
    }

    /// Whether it holds nothing of a request.
    var isIdle: Bool { input.isEmpty && !hasBegun }

    /// Whether a request's first byte has come; the empty lines that may stand before it are none of it.
    var hasBegun: Bool { reader.stage != .idle }
}
