import HTTP

/// HTTP/1.1 as a server speaks it: what is needed before the request at hand is whole, and how its answer is framed.
///
/// A machine of requests and answers, without I/O and without a clock. Bytes come in as they arrived; what it comes to
/// are the reader's own words for what is next, the stage whose deadline begins, the words of an answer's head that are
/// about the connection, and whether another request may follow.
struct Conversation: ~Copyable, Sendable {
    private var reader: RequestReader
    /// Which part of a request the bytes so far ended in.
    private(set) var stage = RequestReader.Stage.idle
    /// Whether the last answer leaves the connection open for another request.
    private(set) var keepsAlive = true

    /// A conversation whose requests stay within `limits`.
    init(limits: RequestLimits = RequestLimits()) {
        reader = RequestReader(limits: limits)
    }

    /// The bounds of its requests.
    var limits: RequestLimits { reader.limits }

    /// Begins anew, with another peer's first byte.
    mutating func reset() {
        reader.reset()
        stage = .idle
        keepsAlive = true
    }

    // MARK: - The request

    /// Whether a request's first byte has come; the empty lines that may stand before it are none of it.
    var hasBegun: Bool { stage != .idle }

    /// The request that was complete last, until bytes of the next are read.
    var request: Request {
        _read { yield reader.request }
    }

    /// The request as far as its head says it, while its body is read; nil before and after.
    var head: Request? { mutating get { reader.head } }

    /// How many bytes, from the request's first, are needed for what is read at the moment; 0 where that is not known.
    var neededCount: Int { mutating get { stage == .body ? reader.neededCount : 0 } }

    /// Reads on, and says what is next.
    ///
    /// `begins` is the stage that was entered, whose deadline counts from now; nil where it is the one before, or a
    /// request is whole and none is waited for.
    mutating func advance(
        over bytes: inout MutableSpan<UInt8>
    ) -> (next: RequestReader.Progress, begins: RequestReader.Stage?) {
        let before = stage
        let next = reader.advance(over: &bytes)
        stage = reader.stage
        return (next, stage == before || stage == .idle ? nil : stage)
    }

    /// Where the body of the request at hand lies as far as it came, of `count` bytes that are there; nil while its
    /// head is read.
    func arrivedBody(of count: Int) -> Range<Int>? { reader.arrivedBody(of: count) }

    /// Whether the body at hand, of `count` bytes that are there from its request's first, is or is to be longer than
    /// `limit`.
    mutating func exceeds(_ limit: Int, given count: Int) -> Bool {
        guard let head = reader.head else { return false }
        // Of a body in chunks only what has come is known, what frames it included.
        let announced = head.body.count
        return announced > limit
            || (announced == 0 && count - head.body.lowerBound - reader.limits.chunkFramingBytes > limit)
    }

    // MARK: - Its answer

    /// Puts into an answer's head what it says of the connection, which goes on after it where the client wants that
    /// and it is not the last.
    ///
    /// `isStream` says that the body is made while it is sent, and its length not known.
    mutating func frame(_ head: inout ResponseHead, isLast: Bool, isStream: Bool) {
        let version = request.version
        // Only its end can tell a client of HTTP/1.0 where such a body ends.
        keepsAlive = request.keepAlive && !isLast && !(isStream && version == .http10)
        head.persistence = .init(keepAlive: keepsAlive, version: version)
        head.isForHead = request.isHead
    }

    /// How the end of a body is told that is made while it is sent.
    var streamLength: ResponseWriter.Length { sendsChunks ? .chunked : .untilClose }

    /// Whether such a body goes out in chunks, which clients of HTTP/1.0 do not know.
    var sendsChunks: Bool { request.version == .http11 }

    /// Has the answer at hand be the last.
    mutating func endAfterAnswer() { keepsAlive = false }
}
