package import HTTP
import IO
package import Journal
package import Lab

/// One request, with everything that becomes known of it: its bytes, whose it is, what is recorded of it and what is
/// sent behind its answer.
///
/// A connection is lent one by its loop with a request's first byte, and gives it back with the last, so that an idle
/// connection holds none of it.
///
/// What is lent to closures and calls as it lies here is in ``Contents``, whose accesses are not checked while the
/// program runs: an exchange belongs to one connection, a connection to one loop, and nothing that borrows a part of it
/// comes back to the same part.
package final class Exchange {
    /// What an exchange holds.
    private struct Contents: ~Copyable {
        var input = InputBuffer()
        var conversation: Conversation
        var record = ExchangeRecord(connection: 0)
        var lab: Lab?
        var stream: (any BodyStream)?
        var farewell: [UInt8] = []
    }

    @exclusivity(unchecked) private var contents: Contents

    /// What the service made of its head, where that was asked.
    var ruling: HeadRuling?
    /// Whether it was answered without the service.
    var isAnswered = false
    /// The length of its answer's body as it is announced, where that is not the true one.
    var announcedLength: Int?
    /// When the request was complete.
    var begun = Instant.never

    /// An exchange for requests within `limits`.
    init(limits: RequestLimits) {
        unsafe contents = Contents(conversation: Conversation(limits: limits))
    }

    /// What was read and not yet used.
    var input: InputBuffer {
        _read { yield unsafe contents.input }
        _modify { yield unsafe &contents.input }
    }

    /// Finds the request in it, and frames the answer.
    var conversation: Conversation {
        _read { yield unsafe contents.conversation }
        _modify { yield unsafe &contents.conversation }
    }

    /// The last complete request.
    package var request: HTTP.Request {
        _read { yield conversation.request }
    }

    /// What is told of it.
    package var record: ExchangeRecord {
        _read { yield unsafe contents.record }
        _modify { yield unsafe &contents.record }
    }

    /// The lab whose it is: the one that it names, or else its listener's; nil where it names one that is not there,
    /// and on an operator's plane.
    package var lab: Lab? {
        _read { yield unsafe contents.lab }
        _modify { yield unsafe &contents.lab }
    }

    /// The rest of its answer, where that is made while it is sent.
    package var stream: (any BodyStream)? {
        _read { yield unsafe contents.stream }
        _modify { yield unsafe &contents.stream }
    }

    /// What is said in clear to a peer that spoke no TLS, or was to hear none, once the connection's end is told.
    var farewell: [UInt8] {
        _read { yield unsafe contents.farewell }
        _modify { yield unsafe &contents.farewell }
    }

    /// Whether it holds nothing of a request.
    var isIdle: Bool { input.isEmpty && !conversation.hasBegun }

    /// Lends the bytes that ``request`` has its places in.
    package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        input.withUnread { body($0.span) }
    }

    /// Begins with the request that is complete, of a connection of this number and a listener of this lab.
    func begin(on connection: UInt64, of lab: Lab?, at instant: Instant) {
        beginFragment(of: lab)
        ruling = nil
        begun = instant
        record.begin(on: connection)
        record.requestBytes = request.body.count
    }

    /// Begins with bytes that did not become a request, of this lab's.
    func beginFragment(of lab: Lab?) {
        self.lab = lab
        isAnswered = false
        announcedLength = nil
    }

    /// Begins its record again, of which a part was told before its answer.
    func beginAgain() {
        let told = record
        record.begin(on: told.connection)
        (record.method, record.path, record.requestBytes) = (told.method, told.path, told.requestBytes)
    }

    /// Makes it fit for another connection.
    func reset() {
        input.reset()
        conversation.reset()
        lab = nil
        ruling = nil
        stream = nil
        farewell = []
    }
}
