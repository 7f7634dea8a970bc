import Testing

@testable import Notation

@Suite struct NearNamesTests {
    @Test(
        arguments: [
            ("http.satus", ["http.status"]), ("HTTP.STATUS", ["http.status"]), ("retry", ["retryAfter"]),
            ("tls.alrt", ["tls.alert"]), ("nothing-like-it", []), ("", []), ("x", []),
        ]
    )
    func `the nearest names come first, and far ones not at all`(text: String, names: [String]) {
        #expect(NearNames.find(text, among: ["tls.alert", "http.status", "retryAfter", "service.stale"]) == names)
    }

    @Test func `three are enough`() {
        #expect(NearNames.find("rule-0", among: (1...9).map { "rule-\($0)" }) == ["rule-1", "rule-2", "rule-3"])
    }
}
