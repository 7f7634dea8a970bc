import HTTP
import Notation

/// Every route, and the way from a request to one of them.
struct RouteTable: Sendable {
    /// All of them, in the order in which the OpenAPI document lists them.
    let routes: [Route]

    /// The whole admin plane.
    static let all = RouteTable(
        routes: server + labs + clock + devices + licenses + tokens + registry + snapshots + faults + scenarios
            + journal
            + authority
    )

    /// What a request came to.
    enum Match {
        case route(Route, names: [String: String], query: [String: String])
        case refused(Problem)
    }

    /// Finds the route of a request, and checks what every route has checked: method, query and the body's kind and size.
    ///
    /// Where two templates match, the one with fewer places is meant: `verify` is a word and no record's number.
    func match(_ request: AdminRequest) -> Match {
        var candidates: [(route: Route, names: [String: String])] = []
        for route in routes {
            guard let names = route.path.match(request.target.segments) else { continue }
            if let first = candidates.first, names.count < first.names.count { candidates = [] }
            guard candidates.first.map({ $0.names.count == names.count }) ?? true else { continue }
            candidates.append((route, names))
        }
        guard !candidates.isEmpty else {
            return .refused(.notFound("nothing is at this path; /openapi.json lists all"))
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, names) = candidates.first(where: { $0.route.method == method }) else {
            let methods = candidates.map(\.route.method)
            return .refused(.methodNotAllowed(methods.contains("GET") ? methods + ["HEAD"] : methods))
        }
        do throws(Problem) {
            try checkBody(of: request, for: route.operation)
            return .route(route, names: names, query: try query(of: request, for: route.operation))
        } catch {
            return .refused(error)
        }
    }

    /// How large a body may be; what is not here takes none to speak of.
    func bodyLimit(of method: String, at segments: [String]) -> Int {
        let route = routes.first { $0.method == method && $0.path.match(segments) != nil }
        return route?.operation.body?.limit ?? Operation.Body.usualLimit
    }

    private func query(of request: AdminRequest, for operation: Operation) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in request.target.query {
            guard operation.query.contains(where: { $0.name == name }) else {
                let known = operation.query.map(\.name).joined(separator: ", ")
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

    private func checkBody(of request: AdminRequest, for operation: Operation) throws(Problem) {
        guard let body = operation.body else {
            // A form that a page in a browser sends has one of three media types; none is taken, not even without a body.
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

/// One operation of the admin API: where it is, what it says of itself in the OpenAPI document, and what carries it out.
///
/// The document is made of these and of nothing else, so that no route can be missing from it.
struct Route: Sendable {
    /// What carries it out, on the control loop.
    typealias Handler = @Sendable (AdminCall) async throws -> AdminAnswer

    /// The method's token.
    let method: String
    /// Where it is.
    let path: PathTemplate
    /// What it says of itself.
    let operation: Operation
    /// What carries it out.
    let handle: Handler

    /// Joins them.
    init(_ method: String, _ path: String, _ operation: Operation, _ handle: @escaping Handler) {
        self.method = method
        self.path = PathTemplate(path)
        self.operation = operation
        self.handle = handle
    }
}

/// A path with places for names: `/api/v1/labs/{lab}`.
struct PathTemplate: Sendable {
    /// The path as it is written.
    let text: String
    private let segments: [Substring]

    /// Takes the written form.
    init(_ text: String) {
        self.text = text
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The names of its places, in their order.
    var names: [String] { segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) } }

    /// What stands in its places in a path of these segments, or nil where the path is another; a place is never empty.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            if segment.hasPrefix("{") {
                guard !text.isEmpty else { return nil }
                values[String(segment.dropFirst().dropLast())] = text
            } else if segment != text {
                return nil
            }
        }
        return values
    }
}

/// What a route says of itself: the matter of its entry in the OpenAPI document, and the names that its query may have.
struct Operation: Sendable {
    /// The operation's name, unique in the document.
    let id: String
    /// The group that it is listed in.
    let tag: String
    /// What it does, in one sentence.
    let summary: String
    /// The parameters that its query may have; any other is refused.
    var query: [QueryParameter] = []
    /// The body that it takes, if it takes one.
    var body: Body?
    /// What it answers where it worked, by status.
    var answers: [Answer]
    /// The statuses of the problems that it may answer, besides those that every route may.
    var problems: [Status] = []

    /// A parameter of the query.
    struct QueryParameter: Sendable {
        /// Its name.
        let name: String
        /// What it is for.
        let purpose: String
        /// The schema of its value.
        let schema: JSONValue
    }

    /// A body that is sent.
    struct Body: Sendable {
        /// Its media types; the first is the one that examples use.
        var mediaTypes = ["application/json"]
        /// The name of its schema in ``Schemas``.
        let schema: String
        /// The name of its schema in YAML, where that is another: YAML has no quotes around most texts.
        var schemaInYAML: String?
        /// Whether it may be left out.
        var isOptional = false
        /// How large it may be, in bytes.
        var limit = usualLimit

        /// The name of the schema that a body of this media type has.
        func schema(of mediaType: String) -> String {
            mediaType == "application/yaml" ? schemaInYAML ?? schema : schema
        }

        /// What an object of a few fields may take.
        static let usualLimit = 64 * 1024
    }

    /// An answer.
    struct Answer: Sendable {
        /// Its status.
        let status: Status
        /// When it comes.
        let meaning: String
        /// Its schema; nil for one without content.
        var schema: JSONValue?
        /// Its media types.
        var mediaTypes = ["application/json"]
        /// What it is instead where the query asks for another form.
        var otherForm: (mediaType: String, schema: JSONValue)?

        /// 200 with an object of a schema.
        static func ok(_ schema: String, _ meaning: String = "Done.") -> Answer {
            Answer(status: .ok, meaning: meaning, schema: Schemas.reference(schema))
        }

        /// 200 with a page of a list.
        static func page(of schema: String, or otherForm: (mediaType: String, schema: JSONValue)? = nil) -> Answer {
            Answer(
                status: .ok,
                meaning: "A page of the list.",
                schema: Schemas.page(of: schema),
                otherForm: otherForm
            )
        }

        /// 201 with what was made.
        static func created(_ schema: String) -> Answer {
            Answer(status: .created, meaning: "Made.", schema: Schemas.reference(schema))
        }

        /// 204.
        static let nothing = Answer(status: .noContent, meaning: "Done; there is nothing to say.")
    }
}

extension Operation.QueryParameter {
    /// How many items a page has at most.
    static let limit = Operation.QueryParameter(
        name: "limit",
        purpose: "How many items the page has at most.",
        schema: ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100]
    )
    /// Where a page begins.
    static let cursor = cursor(["type": "string"])

    /// Where a page begins, of a list whose items go by something of this schema.
    static func cursor(_ schema: JSONValue) -> Operation.QueryParameter {
        Operation.QueryParameter(name: "cursor", purpose: "The `next` of the page before.", schema: schema)
    }

    /// A parameter with one of these values.
    static func choice(_ name: String, _ purpose: String, _ values: [String]) -> Operation.QueryParameter {
        Operation.QueryParameter(
            name: name,
            purpose: purpose,
            schema: ["type": "string", "enum": .array(values.map { .string($0) })]
        )
    }

    /// A parameter with a text of some schema; without one, with any.
    static func text(
        _ name: String,
        _ purpose: String,
        _ schema: JSONValue = ["type": "string"]
    ) -> Operation.QueryParameter {
        Operation.QueryParameter(name: name, purpose: purpose, schema: schema)
    }
}
