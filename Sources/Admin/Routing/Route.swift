import HTTP
import Notation

/// One operation of the admin API: where it is, what carries it out, and what it says of itself in the OpenAPI
/// document.
///
/// The document is made of these and of nothing else, so that no route can be missing from it, nor a parameter that is
/// taken. A route is written as a sentence: what it does, asks, takes, gives and refuses.
struct Route: Sendable {
    /// What carries it out, on the control loop.
    typealias Handler = @Sendable (AdminCall) async throws -> AdminAnswer

    let method: String
    private(set) var path: PathTemplate
    /// The operation's name, unique in the document.
    let id: String
    let handle: Handler
    private(set) var summary = ""
    /// The parameters that its query may have; any other is refused.
    private(set) var query: [QueryParameter] = []
    /// The body that it takes, if it takes one.
    private(set) var body: Body?
    /// What it answers where it worked, by status.
    private(set) var answers: [Answer] = []
    private var furtherProblems: [Status] = []
    private var looksNameUp = true

    init(_ method: String, _ path: String, _ id: String, _ handle: @escaping Handler) {
        self.method = method
        self.path = PathTemplate(path)
        self.id = id
        self.handle = handle
    }

    /// The statuses of the problems that it may answer, besides those that every route may.
    ///
    /// Nothing may have a name in the path, and what is asked or sent may be wrong.
    var problems: [Status] {
        var problems = furtherProblems
        if looksNameUp, !path.names.isEmpty { problems.append(.notFound) }
        if !query.isEmpty || body != nil { problems.append(.unprocessableContent) }
        return problems.sorted { $0.code < $1.code }
    }

    /// A parameter of the query.
    struct QueryParameter: Sendable {
        let name: String
        /// What it is for.
        let purpose: String
        /// The schema of its value.
        let schema: JSONValue

        init(_ name: String, _ purpose: String, _ schema: JSONValue) {
            (self.name, self.purpose, self.schema) = (name, purpose, schema)
        }

        /// How many items a page has at most.
        static let limit = QueryParameter(
            "limit",
            "How many items the page has at most.",
            ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100]
        )

        /// Where a page begins, of a list whose items go by something of this schema.
        static func cursor(_ schema: JSONValue = Schemas.text) -> QueryParameter {
            QueryParameter("cursor", "The `next` of the page before.", schema)
        }

        /// A parameter with one of these values.
        static func choice(_ name: String, _ purpose: String, _ values: [String]) -> QueryParameter {
            QueryParameter(name, purpose, Schemas.choice(values))
        }
    }

    /// A body that is sent.
    struct Body: Sendable {
        /// The name of its schema in ``Schemas``.
        let schema: String
        /// The name of its schema in YAML, which has no quotes around most texts.
        let inYAML: String
        /// Its media types; the first is the one that examples use.
        let mediaTypes: [String]
        /// Whether it may be left out.
        let isOptional: Bool
        /// How large it may be, in bytes.
        let limit: Int

        /// The name of the schema that a body of this media type has.
        func schema(of mediaType: String) -> String { mediaType == "application/yaml" ? inYAML : schema }

        /// The media types that a rule or a registry may come in.
        static let documentTypes = ["application/json", "application/yaml"]
        /// What an object of a few fields may take.
        static let usualLimit = 64 * 1024
    }

    struct Answer: Sendable {
        let status: Status
        /// When it comes.
        let meaning: String
        /// Its schema; nil for one without content.
        let schema: JSONValue?
        let mediaTypes: [String]
        /// What it is instead where the query asks for another form.
        let otherForm: (mediaType: String, schema: JSONValue)?
    }
}

/// The sentence that a route is written as.
extension Route {
    private func with(_ change: (inout Route) -> Void) -> Route {
        var route = self
        change(&route)
        return route
    }

    /// The same below a path that a group of routes has.
    func below(_ parent: String) -> Route { with { $0.path = PathTemplate(parent + path.text) } }

    func does(_ summary: String) -> Route { with { $0.summary = summary } }

    func asks(_ query: [QueryParameter]) -> Route { with { $0.query = query } }

    /// A body of a schema, and in YAML perhaps of another.
    func takes(
        _ schema: String,
        inYAML schemaInYAML: String? = nil,
        as mediaTypes: [String] = ["application/json"],
        isOptional: Bool = false,
        upTo limit: Int = Body.usualLimit
    ) -> Route {
        let yaml = schemaInYAML ?? schema
        let body = Body(schema: schema, inYAML: yaml, mediaTypes: mediaTypes, isOptional: isOptional, limit: limit)
        return with { $0.body = body }
    }

    /// An answer of any form.
    func gives(
        _ status: Status,
        _ meaning: String,
        schema: JSONValue?,
        mediaTypes: [String] = ["application/json"],
        otherForm: (mediaType: String, schema: JSONValue)? = nil
    ) -> Route {
        let one = Answer(status: status, meaning: meaning, schema: schema, mediaTypes: mediaTypes, otherForm: otherForm)
        return with { $0.answers.append(one) }
    }

    /// 200 with an object of a schema.
    func gives(_ schema: String, _ meaning: String = "Done.") -> Route {
        gives(.ok, meaning, schema: Schemas.reference(schema))
    }

    /// 200 with a page of a list.
    func givesPage(of schema: String) -> Route {
        gives(.ok, "A page of the list.", schema: Schemas.page(of: schema))
    }

    /// 201 with what was made.
    func makes(_ schema: String) -> Route { gives(.created, "Made.", schema: Schemas.reference(schema)) }

    /// 204.
    var givesNothing: Route { gives(.noContent, "Done; there is nothing to say.", schema: nil) }

    /// Further problems than that nothing has the name, or that what was asked or sent is wrong.
    func refuses(_ problems: Status...) -> Route { with { $0.furtherProblems = problems } }

    /// Nothing has to be there under the name in its path.
    var forAnyName: Route { with { $0.looksNameUp = false } }
}

/// A path with places for names: `/api/v1/labs/{lab}`.
struct PathTemplate: Sendable {
    let text: String
    private let segments: [Substring]

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
