/// What the rules decided for one connection at one stage: what is to be done there, and what is different from there
/// on.
///
/// These are the words in which every effect says what it wants, and all that a connection carries out.
package struct Plan: Sendable {
    /// What to do before the story goes on, in this order.
    package var steps: [Step] = []
    /// How bytes travel from here on, until the exchange at hand or the connection is over; nil leaves it as it is.
    package var shaping: Shaping?
    /// What is different about the handshake that follows.
    package var handshake = HandshakePlan()
    /// What becomes of the answer that is ready.
    package var answer = AnswerPlan()
    /// The rules that acted, in their order.
    package var acted: [Acted] = []
    /// The rules that nearly did.
    package var nearMisses: [NearMiss] = []
    /// How long the rule that is acting is in force, for what it makes wait.
    package internal(set) var term: RuleTerm?

    /// A plan of nothing.
    package init() {}

    /// Whether there is nothing to do; a near miss is only told.
    package var isIdle: Bool { acted.isEmpty }

    /// Changes how bytes travel from here on; `change` is told too how long the rule is in force that is acting.
    mutating func shape(_ change: (inout Shaping, RuleTerm?) -> Void) {
        var shaping = self.shaping ?? Shaping()
        change(&shaping, term)
        self.shaping = shaping
    }
}

/// One thing to do before the story goes on.
package enum Step: Sendable, Equatable {
    /// Nothing, for as long as it says.
    case wait(Hold)
    /// The connection's end.
    case end(Ending)
    /// An answer that the service is not asked for.
    case reply(Reply)
    /// The answer of a service that refuses: of the right shape, with nothing carried out. A request that has nothing
    /// of the kind that is to be refused goes on instead.
    ///
    /// What it says is put into it by the answer's edits.
    case refuse(RefusalPlace)
    /// Some of the request's tokens, this share of them, are refused; the others go on.
    case partial(Double)

    /// How many of `count` tokens a share means: at least one of several, and never all.
    package static func failing(_ share: Double, of count: Int) -> Int {
        max(0, min(max(1, Int((share * Double(count)).rounded())), count - 1))
    }
}

/// Where a refusal stands in an answer.
package enum RefusalPlace: String, Sendable, CaseIterable {
    /// At the top, for the request as a whole.
    case top
    /// At each token, and at the top because none is left.
    case token
    /// At each other unit of the cluster, and then as at each token.
    case peer
}

/// How a connection ends on command.
package enum Ending: Sendable, Equatable {
    /// By RST.
    case reset
    /// By FIN, once what has come was read.
    case close
    /// By saying nothing for so long, or for as long as the peer stays, and no longer than the rule does; then by FIN.
    case silence(Duration?, under: RuleTerm?)
    /// By these bytes in clear, and FIN.
    case say([UInt8])
}

/// An answer made by a rule.
package struct Reply: Sendable, Equatable {
    /// The status.
    package var status: Int
    /// The type of the body; nil leaves the field out.
    package var contentType: String?
    /// Further fields, names and values.
    package var fields: [Field]
    /// The body.
    package var body: [UInt8]

    /// One field of a head.
    package struct Field: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The value.
        package let value: String
    }
}

/// A rule that acted, and by what it knew that it was meant.
package struct Acted: Sendable, Hashable {
    /// The rule's name.
    package let rule: String
    /// `address` where a serial, license or token was known by the source address only; nil where all was seen.
    package let boundBy: String?
    /// Where it acted: on a connection, or on one exchange of it.
    package let stage: Stage

    /// Joins the three.
    package init(rule: String, boundBy: String? = nil, at stage: Stage) {
        self.rule = rule
        self.boundBy = boundBy
        self.stage = stage
    }
}

/// A rule that nearly acted, and why it did not.
package struct NearMiss: Sendable, Hashable {
    /// The rule's name.
    package let rule: String
    /// Why it did not act.
    package let reason: String

    /// Joins both.
    package init(rule: String, reason: String) {
        self.rule = rule
        self.reason = reason
    }
}
