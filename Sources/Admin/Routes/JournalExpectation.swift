/// How many of something are expected.
enum JournalExpectation: Sendable {
    case times(Int)
    case atLeast(Int)
    case atMost(Int)

    /// What a count says of it.
    enum Standing: Equatable {
        /// It holds, whatever comes later.
        case holds
        /// It holds as long as nothing more comes.
        case holdsSoFar
        /// It does not hold yet.
        case fails
        /// It does not hold, whatever comes later.
        case isExceeded
    }

    func standing(of count: Int) -> Standing {
        switch self {
        case .times(let number): count == number ? .holdsSoFar : count < number ? .fails : .isExceeded
        case .atLeast(let number): count >= number ? .holds : .fails
        case .atMost(let number): count <= number ? .holdsSoFar : .isExceeded
        }
    }

    /// Whether it says that there are no more than so many, which only who saw all can tell.
    var isUpperBound: Bool { if case .atLeast = self { false } else { true } }

    var words: String {
        switch self {
        case .times(let number): "exactly \(number)"
        case .atLeast(let number): "at least \(number)"
        case .atMost(let number): "at most \(number)"
        }
    }
}
