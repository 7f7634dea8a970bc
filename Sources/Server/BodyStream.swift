/// A body that is made while it is sent, for answers that are too long to hold or that have no end.
///
/// It belongs to one answer and lives on the connection's loop. It never waits itself: what it has to wait for it asks
/// for again after a pause, so that whoever makes the news need not know who listens.
package protocol BodyStream: AnyObject {
    /// Whether it goes on until somebody ends it; a server that stops ends it in good order, and finishes any other.
    var isEndless: Bool { get }
    /// What can be sent between two pieces and means nothing, for a peer that may have gone; empty where there is no such
    /// thing.
    var heartbeat: [UInt8] { get }
    /// Appends the next piece to `body`, which is empty.
    func next(into body: inout [UInt8]) -> BodyStep
}

/// What a stream has to say when it is asked for its next piece.
package enum BodyStep: Sendable, Equatable {
    /// A piece; there may be more.
    case piece
    /// Nothing for now: ask again after this long.
    case pause(Duration)
    /// It is over; what was appended is its last piece.
    case end
    /// It can't be completed: the client must not take what it got for the whole.
    case failed(String)
}

extension BodyStream {
    /// Nothing: a body that is no text of lines has no room for it.
    package var heartbeat: [UInt8] { [] }
}
