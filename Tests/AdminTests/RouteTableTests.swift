import HTTP
import Notation
import Testing

@testable import Admin

@Suite struct RouteTableTests {
    private func match(
        _ method: String,
        _ path: String,
        query: String? = nil,
        type: String = "",
        body: String = ""
    ) -> Result<RouteTable.Match, Problem> {
        guard let request = AdminRequest(method: method, path: path, query: query, contentType: type, body: body) else {
            return .failure(.malformed("test"))
        }
        return Result { () throws(Problem) in try RouteTable.all.match(request) }
    }

    private func status(_ match: Result<RouteTable.Match, Problem>) -> Int? {
        if case .failure(let problem) = match { problem.status.code } else { nil }
    }

    @Test func `every operation has a name of its own`() {
        let names = RouteTable.all.routes.map(\.id)
        #expect(Set(names).count == names.count)
        #expect(names.count > 40)
    }

    @Test func `every place of a path has a schema`() {
        for route in RouteTable.all.routes {
            for name in route.path.names { #expect(Schemas.pathPlaces[name] != nil, "\(name) in \(route.path.text)") }
        }
    }

    @Test func `every schema that is named is there`() throws {
        let text = String(decoding: OpenAPIDocument.value(of: .all).bytes, as: UTF8.self)
        let names = text.split(separator: "#/components/schemas/").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(!names.isEmpty)
        for name in Set(names) { #expect(Schemas.all(profiles: [])[String(name)] != .null, "\(name)") }
    }

    @Test func `a path of words beats a place`() throws {
        #expect(try match("GET", "/api/v1/labs/a/journal/stream").get().route.id == "streamJournal")
    }

    @Test(
        arguments: [
            ("GET", "/nowhere", 404), ("GET", "/api/v1/labs/", 404), ("POST", "/healthz", 405),
            ("PUT", "/api/v1/labs", 405),
            ("TRACE", "/healthz", 405), ("GET", "/api/v1/labs/a/reset", 405),
            ("GET", "/api/v1/labs/a/journal/verify", 405), ("POST", "/api/v1/labs/a/journal/7", 405),
        ]
    )
    func `other paths and methods are refused`(method: String, path: String, code: Int) {
        #expect(status(match(method, path)) == code)
    }

    @Test func `a refused method says which are taken`() throws {
        let problem = try #require(throws: Problem.self) { try match("PUT", "/api/v1/labs/a").get() }
        #expect(problem.detail == "this path takes DELETE, GET, HEAD")
    }

    @Test(arguments: ["limits=1", "limit=1&limit=2", "cursor", "x=%26"].map { ($0, $0 == "cursor" ? nil : 422) })
    func `parameters that nobody knows are refused`(query: String, code: Int?) {
        #expect(status(match("GET", "/api/v1/labs", query: query)) == code)
    }

    // A form in a page can send these three without asking anybody.
    @Test(arguments: ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
    func `no form of a page is taken, with a body or without`(type: String) {
        #expect(status(match("POST", "/api/v1/labs/a/reset", type: type)) == 415)
        #expect(status(match("POST", "/api/v1/labs", type: type, body: "{\"name\":\"a\"}")) == 415)
        #expect(status(match("POST", "/api/v1/labs/a/snapshots", type: type)) == 415)
    }

    @Test func `a body needs its media type, and only documents may be large`() {
        #expect(status(match("POST", "/api/v1/labs", body: "{}")) == 415)
        #expect(status(match("POST", "/api/v1/labs", type: "application/json", body: "{}")) == nil)
        let large = String(repeating: " ", count: 1 << 20 + 1)
        #expect(status(match("POST", "/api/v1/labs", type: "application/json", body: large)) == 413)
        #expect(status(match("PUT", "/api/v1/labs/a/registry", type: "application/yaml", body: large)) == nil)
    }
}

extension AdminRequest {
    /// A request as a test writes it.
    fileprivate init?(method: String, path: String, query: String?, contentType: String, body: String) {
        guard let target = RequestTarget(path: Array(path.utf8), query: query.map { Array($0.utf8) }) else {
            return nil
        }
        self.init(
            method: method,
            target: target,
            accept: "",
            contentType: contentType,
            lastEventID: nil,
            body: Array(body.utf8)
        )
    }
}
