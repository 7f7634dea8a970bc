import HTTP
import Notation

/// The operations of one matter: a group of the OpenAPI document, and the path below which they are.
struct RouteGroup: Sendable {
    /// The group's name in the document.
    let tag: String
    /// What it is about, in one sentence.
    let purpose: String
    /// Its operations, each with its whole path.
    let routes: [Route]

    init(_ tag: String, at path: String, _ purpose: String, _ routes: [Route]) {
        self.tag = tag
        self.purpose = purpose
        self.routes = routes.map { $0.below(path) }
    }
}

/// Every route, and the way from a request to one of them.
struct RouteTable: Sendable {
    /// The groups, in the order in which the OpenAPI document lists them.
    let groups: [RouteGroup]
    let routes: [Route]

    /// The whole admin plane.
    static let all = RouteTable([
        RouteGroup("server", at: "", "The server itself: whether it lives, what it counts, this document.", server),
        RouteGroup(
            "labs",
            at: "/api/v1/labs",
            "Whole worlds: each a registry, a clock, a seed, fault rules and a journal.",
            labs
        ),
        RouteGroup("clock", at: "/api/v1/labs/{lab}/clock", "The time by which a lab's rules judge.", clock),
        RouteGroup("devices", at: "/api/v1/labs/{lab}/devices", "Units with a serial number.", devices),
        RouteGroup("licenses", at: "/api/v1/labs/{lab}/licenses", "Licenses, their codes and bindings.", licenses),
        RouteGroup("tokens", at: "/api/v1/labs/{lab}/tokens", "Mobile tokens.", tokens),
        RouteGroup("registry", at: "/api/v1/labs/{lab}/registry", "The whole registry as one document.", registry),
        RouteGroup(
            "snapshots",
            at: "/api/v1/labs/{lab}/snapshots",
            "A lab's registry, chance and clock, kept and restored; not its rules, nor its journal.",
            snapshots
        ),
        RouteGroup(
            "faults",
            at: "/api/v1",
            "Failure on command: the rules of a lab, and the catalogue of what they can do.",
            faults
        ),
        RouteGroup(
            "scenarios",
            at: "/api/v1/labs/{lab}/scenarios",
            "Ready-made worlds for published symptoms: registry rows and fault rules together.",
            scenarios
        ),
        RouteGroup(
            "journal",
            at: "/api/v1/labs/{lab}/journal",
            "Every connection and exchange, the failed ones included.",
            journal
        ),
        RouteGroup("pki", at: "/api/v1/pki", "The lab's certificates, for clients to trust and to present.", authority),
    ])

    private init(_ groups: [RouteGroup]) {
        self.groups = groups
        routes = groups.flatMap(\.routes)
    }

    /// A route, what stands in the places of its path, and its query.
    typealias Match = (route: Route, names: [String: String], query: [String: String])

    /// Finds the route of a request, and checks what every route has checked: method, query and the body's kind and
    /// size.
    ///
    /// Where two templates match, the one with fewer places is meant: `verify` is a word and no record's number.
    func match(_ request: AdminRequest) throws(Problem) -> Match {
        let all = routes.compactMap { route in
            route.path.match(request.target.segments).map { (route: route, names: $0) }
        }
        guard let fewest = all.map(\.names.count).min() else {
            throw .notFound("nothing is at this path; /openapi.json lists all")
        }
        let candidates = all.filter { $0.names.count == fewest }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, names) = candidates.first(where: { $0.route.method == method }) else {
            let methods = candidates.map(\.route.method)
            throw .methodNotAllowed(methods.contains("GET") ? methods + ["HEAD"] : methods)
        }
        try checkBody(of: request, for: route)
        return (route, names, try query(of: request, for: route))
    }

    /// How large a body may be; what is not here takes none to speak of.
    func bodyLimit(of method: String, at segments: [String]) -> Int {
        let route = routes.first { $0.method == method && $0.path.match(segments) != nil }
        return route?.body?.limit ?? Route.Body.usualLimit
    }

    private func query(of request: AdminRequest, for route: Route) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in request.target.query {
            guard route.query.contains(where: { $0.name == name }) else {
                let known = route.query.map(\.name).joined(separator: ", ")
                throw .invalid(
                    "no parameter \(quoted(name)) here" + (known.isEmpty ? "" : "; known are \(known)"),
                    at: String(name.prefix(48))
                )
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalid("the parameter \(name) stands twice", at: name)
            }
        }
        return values
    }

    private func checkBody(of request: AdminRequest, for route: Route) throws(Problem) {
        guard let body = route.body else {
            // A form that a page in a browser sends has one of three media types; none is taken, not even without a
            // body.
            guard request.body.isEmpty, request.contentType.isEmpty || request.contentType == "application/json" else {
                throw .unsupported(request.contentType, takes: ["no body"])
            }
            return
        }
        guard request.body.count <= body.limit else { throw .tooLarge(body.limit) }
        if request.body.isEmpty, body.isOptional, request.contentType.isEmpty { return }
        guard body.mediaTypes.contains(request.contentType) else {
            throw .unsupported(request.contentType, takes: body.mediaTypes)
        }
    }
}
