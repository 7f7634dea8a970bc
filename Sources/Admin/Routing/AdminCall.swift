import IO
import Lab
import Notation
import Registry
import Server

/// A request that found its route, and what the route needs to carry it out.
struct AdminCall: Sendable {
    /// What is administered.
    let installation: Installation
    /// The request.
    var request: AdminRequest
    /// What stands in the places of the route's path.
    let names: [String: String]
    /// The query, each name once.
    let query: [String: String]
    /// Who asks.
    var caller: Caller?

    /// What stands in a place of the path; the route's own template has it.
    func name(_ place: String) -> String { names[place] ?? "" }

    /// The lab that the path names.
    func lab() throws(Problem) -> Lab {
        let name = name("lab")
        guard let lab = installation.labs[name] else {
            let near = NearNames.find(name, among: installation.labs.all.map(\.name))
            throw .notFound("no lab \(quoted(name))", suggestions: near)
        }
        return lab
    }

    /// Does something to the lab as a whole, alone; the lab is looked up when it is its turn.
    func alone<Value>(_ body: (Lab) async throws -> Value) async throws -> Value {
        let isServing = installation.readiness
        return try await installation.changes(of: name("lab"))
            .pass {
                // What waited for its turn while the server stopped has lost it.
                guard isServing.isReady else { throw Problem.unavailable("the server is stopping") }
                return try await body(try lab())
            }
    }

    /// The bound of a page.
    func limit() throws(Problem) -> Int {
        guard let text = query["limit"] else { return 100 }
        guard let limit = DecimalText.integer(text), (1...1000).contains(limit) else {
            throw .invalid("limit must be a whole number from 1 to 1000, not \(quoted(text))", at: "limit")
        }
        return limit
    }

    /// A parameter of the query that `read` makes a value of, or nil where it is absent.
    func parameter<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws(Problem) -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = read(text) else {
            throw .invalid("\(name) must be \(expected), not \(quoted(text))", at: name)
        }
        return value
    }
}
