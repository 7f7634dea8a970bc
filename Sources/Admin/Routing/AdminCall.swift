import IO
import Lab
import Notation
import Registry
import Server
import SoftToken

/// A request that found its route, and what the route needs to carry it out.
package struct AdminCall: Sendable {
    let installation: Installation
    let route: Route
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
        try parameter("limit", "a whole number from 1 to 1000") { DecimalText.integer($0, in: 1...1000) } ?? 100
    }

    /// Where a page begins.
    func cursor<Value>(_ read: (String) -> Value?) throws(Problem) -> Value? {
        try parameter("cursor", "the next of a page before", read)
    }

    /// A page of a list that is in the order of its items' names.
    func page<Item>(_ all: [Item], by name: (Item) -> String, _ show: (Item) throws -> JSONValue) throws -> AdminAnswer
    {
        let (limit, cursor) = (try limit(), query["cursor"])
        return try .page(of: all.filter { one in cursor.map { name(one) > $0 } ?? true }, limit, by: name, show)
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

/// What the routes over a lab's registry share.
extension AdminCall {
    /// The reader of the lab's registry.
    func browser() throws -> any RegistryBrowser { try installation.browsers.value.browser(of: try lab()) }

    /// What stands in a place of the path; nothing can have a malformed name.
    private func name<N>(_ kind: RegistrySubject, _ place: String, _ read: (String) -> N?) throws(Problem) -> N {
        let text = name(place)
        guard let name = read(text) else { throw .notFound("no \(kind.rawValue) \(quoted(text))") }
        return name
    }

    /// The serial that the path names.
    func serial() throws(Problem) -> Serial { try name(.device, "serial") { Serial($0) } }

    /// The license that the path names.
    func licenseNumber() throws(Problem) -> LicenseNumber { try name(.license, "number") { LicenseNumber($0) } }

    /// The token that the path names.
    func token() throws(Problem) -> TokenSerial { try name(.token, "serial") { TokenSerial($0) } }

    /// Carries out an operation on the lab's registry; durable when it returns.
    func perform(_ operation: RegistryOperation) async throws -> OperationOutcome {
        let lab = try lab()
        let outcome = try await lab.store.perform(operation, lab.ruleContext())
        guard case .refused(let refusal) = outcome else { return outcome }
        switch refusal {
        case .notFound(let subject, let name): throw try noSuch(subject, name)
        case .conflict(let reason): throw Problem.conflict(reason)
        case .invalid(let reason): throw Problem.invalid(reason)
        }
    }

    /// The problem of a name that nothing has, with names like it.
    func noSuch(_ subject: RegistrySubject, _ name: String) throws -> Problem {
        .notFound("no \(subject.rawValue) \(name)", suggestions: try browser().names(near: name, of: subject))
    }
}

/// A reader of each lab's registry for the admin plane, made at first use; it stays on the control loop.
final class BrowserShelf {
    private var browsers: [String: (lab: Lab, browser: any RegistryBrowser)] = [:]

    /// The reader of a lab's registry.
    func browser(of lab: Lab) throws(StoreError) -> any RegistryBrowser {
        // A lab of that name may have been removed and made again.
        if let (owner, browser) = browsers[lab.name], owner === lab { return browser }
        let browser = try lab.store.makeBrowser()
        browsers[lab.name] = (lab, browser)
        return browser
    }

    /// Lets go of a lab that is about to be closed.
    func forget(_ lab: Lab) {
        if browsers[lab.name]?.lab === lab { browsers[lab.name] = nil }
    }
}
