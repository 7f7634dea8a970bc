import Testing

@testable import Admin

@Suite struct JournalExpectationTests {
    @Test(
        arguments: [
            (.atLeast(2), 1, .fails), (.atLeast(2), 2, .holds), (.times(2), 1, .fails), (.times(2), 2, .holdsSoFar),
            (.times(2), 3, .isExceeded), (.atMost(0), 0, .holdsSoFar), (.atMost(0), 1, .isExceeded),
            (.atMost(2), 1, .holdsSoFar),
        ] as [(JournalExpectation, Int, JournalExpectation.Standing)]
    )
    func `only what is expected at least holds for good`(
        expectation: JournalExpectation,
        count: Int,
        standing: JournalExpectation.Standing
    ) {
        #expect(expectation.standing(of: count) == standing)
    }
}
