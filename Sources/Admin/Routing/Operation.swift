import HTTP
import Notation

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
