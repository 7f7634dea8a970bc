import Testing

@testable import Admin

@Suite struct RequestTargetTests {
    private func target(_ path: String, _ query: String? = nil) -> RequestTarget? {
        RequestTarget(path: Array(path.utf8), query: query.map { Array($0.utf8) })
    }

    @Test(
        arguments: [
            ("/", [""]), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("/a//b", ["a", "", "b"]),
            ("/a%2Fb/c", ["a/b", "c"]), ("/%C3%A9", ["é"]), ("/a+b", ["a+b"]),
        ]
    )
    func `segments are decoded one by one`(path: String, segments: [String]) {
        #expect(target(path)?.segments == segments)
    }

    @Test func `a query keeps its order, and its plus signs are blanks`() throws {
        let query = try #require(target("/", "b=1&a=x+y%2B&flag&b=")).query
        #expect(query.map(\.name) == ["b", "a", "flag", "b"])
        #expect(query.map(\.value) == ["1", "x y+", "", ""])
    }

    @Test(arguments: ["/%", "/%4", "/%4g", "/%zz", "/%ff"])
    func `what cannot be decoded is none`(path: String) {
        #expect(target(path) == nil)
        #expect(target("/", "a=" + path.dropFirst()) == nil)
    }

    @Test func `a template matches its own paths alone, and no place is empty`() {
        let template = PathTemplate("/api/v1/labs/{lab}/devices/{serial}")
        #expect(
            template.match(["api", "v1", "labs", "a", "devices", "b"]) == ["lab": "a", "serial": "b"]
        )
        #expect(template.match(["api", "v1", "labs", "a", "devices", ""]) == nil)
        #expect(template.match(["api", "v1", "labs", "a", "devices"]) == nil)
        #expect(template.match(["api", "v1", "labs", "a", "tokens", "b"]) == nil)
        #expect(template.names == ["lab", "serial"])
    }
}
