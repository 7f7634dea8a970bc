import Notation
import Testing

@testable import Faults

/// One look at a refused rule had told of the first thing wrong with it alone.
@Suite struct RuleDefectsTests {
    @Test func `every part that is wrong is told of, in the order of reading`() {
        let rule: JSONValue = [
            "name": "no blank", "when": ["client": "nowhere", "message": "Polling", "serial": "FG*"],
            "do": "http.delay",
            "with": ["latency": "soon", "size": 3], "times": 0, "probability": 2, "for": "later",
        ]
        let paths = Rule.defects(of: rule).map(\.path)
        #expect(paths.first == "name")
        #expect(Set(paths).isSuperset(of: ["when.client", "with.latency", "with.size", "times", "probability", "for"]))
        #expect(Set(paths).count == paths.count)
    }

    @Test func `an unknown effect hides nothing else`() {
        let rule: JSONValue = ["do": "http.dely", "with": ["latency": "1s"], "times": -1, "unknown": true]
        #expect(Rule.defects(of: rule).map(\.path) == ["unknown", "do", "times"])
    }

    @Test func `what has to be there and is wrong is told of once`() {
        let rule: JSONValue = ["do": "http.delay", "with": ["latency": "1h90m"]]
        #expect(Rule.defects(of: rule).map(\.path) == ["with.latency"])
    }

    @Test func `what is missing because it is wrong is no defect of its own`() {
        let rule: JSONValue = ["do": "tls.version", "with": ["min": "1.7"], "times": 0]
        #expect(Rule.defects(of: rule).map(\.path) == ["with.min", "times"])
    }

    /// Both ended the search: there was nothing to leave out, or not by the name that was looked for.
    @Test func `neither what is missing nor a name with a dot hides what stands behind it`() {
        #expect(Rule.defects(of: ["do": "http.delay", "times": 0]).map(\.path) == ["with.latency", "times"])
        let headers: JSONValue = ["code": 503, "headers": ["X.Y": "a\nb"]]
        let rule: JSONValue = ["do": "http.status", "with": headers, "times": 0]
        #expect(Rule.defects(of: rule).map(\.path) == ["with.headers.X.Y", "times"])
    }

    @Test func `what is missing is told of, and a right rule has no defects`() {
        #expect(Rule.defects(of: ["do": "http.delay"]).map(\.path) == ["with.latency"])
        #expect(Rule.defects(of: [:]).map(\.path) == ["do"])
        #expect(Rule.defects(of: ["do": "http.empty"]).isEmpty)
        #expect(Rule.defects(of: "text").map(\.path) == [""])
    }

    @Test func `a rule of nothing but slips is read a bounded number of times`() {
        let rule = JSONValue.object((0..<20_000).map { .init("x\($0)", .null) })
        #expect(Rule.defects(of: rule).count == 20)
    }
}
