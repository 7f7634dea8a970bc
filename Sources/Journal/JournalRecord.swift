package import Faults

/// One connection with those of its exchanges that were asked for: what the admin plane shows.
package struct JournalRecord: Sendable {
    /// One exchange with its bytes.
    package struct Exchange: Sendable {
        /// The lab that answered.
        package let lab: String
        let entry: ExchangeEntry
        let tokens: [TokenNotes.Note]
        let request: Message
        let answer: Message

        /// Its number among all entries of its journal.
        package var sequence: UInt64 { entry.sequence }
    }

    /// A request or an answer as it was sent, or the beginning of it.
    struct Message: Sendable {
        let head: ArraySlice<UInt8>
        let body: ArraySlice<UInt8>
        /// How many bytes were sent.
        let count: Int

        /// Whether not all of it was kept.
        var isCut: Bool { head.count + body.count < count }
    }

    /// What was settled when its handshake was over.
    package let opening: ConnectionOpening
    /// How it ended; nil where it did not, or where that belongs to another lab.
    package let end: ConnectionRecord?
    /// How far it got, as far as that is known.
    package let stage: Stage
    /// What fault rules had to do with it, as far as that is known.
    package let rules: RuleNotes
    /// Whether exchanges of it may have been driven out, so that those here are not all.
    package let isCut: Bool
    /// The number of its end's entry.
    package let endSequence: UInt64?
    /// The exchanges, the oldest first.
    package let exchanges: [Exchange]

    /// The connection's number, by which it is asked for.
    package var id: UInt64 { opening.id }
}
