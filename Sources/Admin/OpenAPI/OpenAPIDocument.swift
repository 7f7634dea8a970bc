import HTTP
import Notation
import Server

/// The OpenAPI 3.1 document, made of the routes themselves.
enum OpenAPIDocument {
    /// The whole document; `profiles` are the certificate profiles that rules may name, where they are known.
    static func value(of table: RouteTable, profiles: [String] = []) -> JSONValue {
        var paths: [JSONValue.Member] = []
        for route in table.routes {
            let entry = JSONValue.Member(route.method.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.name == route.path.text }),
                case .object(let operations) = paths[index].value
            {
                paths[index].value = .object(operations + [entry])
            } else {
                paths.append(.init(route.path.text, .object([entry])))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "FauxGuard admin API",
                "version": .string(Server.version),
                "description": """
                The registry, clock, fault rules and journal of every lab in the operator's hands. A lab stand-in: not the \
                vendor's service. Off loopback, every request carries a bearer token.
                """,
                "license": ["name": "see the repository", "identifier": "LicenseRef-repository"],
            ],
            "servers": [["url": "/"]],
            "security": [[:], ["token": []]],
            "tags": .array(tags.map { ["name": .string($0.name), "description": .string($0.purpose)] }),
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "responses": [
                    "Problem": [
                        "description": "Refused; the document says why (RFC 9457).",
                        "content": ["application/problem+json": ["schema": Schemas.reference("Problem")]],
                    ]
                ],
                "schemas": Schemas.all(profiles: profiles),
            ],
        ]
    }

    /// The groups of operations, in their order.
    private static let tags: [(name: String, purpose: String)] = [
        ("server", "The server itself: whether it lives, what it counts, this document."),
        ("labs", "Whole worlds: each a registry, a clock, a seed, fault rules and a journal."),
        ("clock", "The time by which a lab's rules judge."),
        ("devices", "Units with a serial number."),
        ("licenses", "Licenses, their codes and bindings."),
        ("tokens", "Mobile tokens."),
        ("registry", "The whole registry as one document."),
        ("snapshots", "A lab's registry, chance and clock, kept and restored; not its rules, nor its journal."),
        ("faults", "Failure on command: the rules of a lab, and the catalogue of what they can do."),
        ("scenarios", "Ready-made worlds for published symptoms: registry rows and fault rules together."),
        ("journal", "Every connection and exchange, the failed ones included."),
        ("pki", "The lab's certificates, for clients to trust and to present."),
    ]

    private static func operation(_ route: Route) -> JSONValue {
        let operation = route.operation
        let places: [JSONValue] = route.path.names.map { name in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": Schemas.pathPlaces[name] ?? ["type": "string"],
            ]
        }
        let query: [JSONValue] = operation.query.map { parameter in
            [
                "name": .string(parameter.name), "in": "query", "required": false,
                "description": .string(parameter.purpose), "schema": parameter.schema,
            ]
        }
        var members: [JSONValue.Member] = [
            .init("operationId", .string(operation.id)),
            .init("tags", [.string(operation.tag)]),
            .init("summary", .string(operation.summary)),
        ]
        if !(places + query).isEmpty { members.append(.init("parameters", .array(places + query))) }
        if let body = operation.body {
            members.append(
                .init(
                    "requestBody",
                    [
                        "required": .flag(!body.isOptional),
                        "content": content(body.mediaTypes.map { ($0, Schemas.reference(body.schema(of: $0))) }),
                    ]
                )
            )
        }
        members.append(.init("responses", responses(operation)))
        return .object(members)
    }

    private static func responses(_ operation: Operation) -> JSONValue {
        var responses: [JSONValue.Member] = operation.answers.map { answer in
            var members: [JSONValue.Member] = [.init("description", .string(answer.meaning))]
            if let schema = answer.schema {
                let forms = answer.mediaTypes.map { ($0, schema) } + [answer.otherForm].compactMap(\.self)
                members.append(.init("content", content(forms)))
            }
            return .init("\(answer.status.code)", .object(members))
        }
        for status in operation.problems {
            responses.append(.init("\(status.code)", problem))
        }
        responses.append(.init("default", problem))
        return .object(responses)
    }

    private static let problem: JSONValue = ["$ref": "#/components/responses/Problem"]

    private static func content(_ forms: [(mediaType: String, schema: JSONValue)]) -> JSONValue {
        .object(forms.map { .init($0.mediaType, ["schema": $0.schema]) })
    }
}
