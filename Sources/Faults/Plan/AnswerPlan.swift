/// What becomes of an answer that is ready.
package struct AnswerPlan: Sendable {
    /// One change of the answer; it returns why it could not be made, or nil.
    package typealias Edit = @Sendable (inout AnswerDraft) -> String?

    /// Where an answer is cut.
    package enum Cut: Sendable, Equatable {
        /// After so many bytes of its body.
        case bytes(Int)
        /// After this share of its body.
        case fraction(Double)
        /// After so many bytes of all of it, head included.
        case total(Int)
    }

    /// The changes, in the order of their rules.
    package var edits: [RuleEdit] = []
    /// How many bytes of the body leave at once, and how many a second; nil for all at once.
    package var drip: (chunk: Int, rate: Int, term: RuleTerm?)?
    /// Where it ends early; the connection then ends with it.
    package var cut: Cut?
    /// Whether the end of a cut answer is a reset.
    package var endsWithReset = false
    /// Whether none of it is sent, and the connection closes.
    package var isLost = false
    /// Whether one bit of its first record is flipped.
    package var isCorrupt = false

    /// An answer that goes out as it is.
    package init() {}

    /// One rule's change.
    package struct RuleEdit: Sendable {
        /// The rule, to be told where the change could not be made.
        package var rule: String
        /// The change.
        package let change: Edit
    }

    /// Adds what other rules want, or the same ones at a later stage; of two that can't both be, the later goes.
    package mutating func add(_ other: AnswerPlan) {
        edits += other.edits
        drip = other.drip ?? drip
        cut = other.cut ?? cut
        endsWithReset = endsWithReset || other.endsWithReset
        isLost = isLost || other.isLost
        isCorrupt = isCorrupt || other.isCorrupt
    }

    /// Adds a change.
    mutating func edit(_ change: @escaping Edit) {
        edits.append(RuleEdit(rule: "", change: change))
    }
}

/// An answer on its way out, as an effect may change it.
package struct AnswerDraft: Sendable {
    /// The status.
    package var status: Int
    /// What is put in the place of the service's own type of content; nil for nothing.
    package var contentType: String?
    /// The body.
    package var body: [UInt8]
    /// How much the announced length differs from the true one.
    package var lengthError = 0
    /// Where the answer is cut; nil where no change cuts it.
    package var cut: AnswerPlan.Cut?
    /// The code that the answer carries at its top after the change; nil where no change touched it.
    package var code: Int?
    /// The answer that went to this unit before, to a request of this kind; nil where none is remembered.
    package let previous: [UInt8]?

    /// An answer as the service made it.
    package init(status: Int, body: [UInt8], previous: [UInt8]?) {
        self.status = status
        self.body = body
        self.previous = previous
    }
}
