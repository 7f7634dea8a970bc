import HTTP
import Notation
import Server

/// The OpenAPI 3.1 document, made of the routes themselves.
enum OpenAPIDocument {
    /// The whole document; `profiles` are the certificate profiles that rules may name, where they are known.
    static func value(of table: RouteTable, profiles: [String] = []) -> JSONValue {
        var paths: [JSONValue.Member] = []
        for group in table.groups {
            for route in group.routes {
                let others = paths[route.path.text]?.members ?? []
                let operation = JSONValue.Member(route.method.lowercased(), operation(route, in: group.tag))
                paths[route.path.text] = .object(others + [operation])
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
            "tags": .array(table.groups.map { ["name": .string($0.tag), "description": .string($0.purpose)] }),
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

    private static func operation(_ route: Route, in tag: String) -> JSONValue {
        let places: [JSONValue] = route.path.names.map { name in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": Schemas.pathPlaces[name] ?? ["type": "string"],
            ]
        }
        let query: [JSONValue] = route.query.map { parameter in
            [
                "name": .string(parameter.name), "in": "query", "required": false,
                "description": .string(parameter.purpose), "schema": parameter.schema,
            ]
        }
        var members: [JSONValue.Member] = [
            .init("operationId", .string(route.id)), .init("tags", [.string(tag)]),
            .init("summary", .string(route.summary)),
        ]
        if !(places + query).isEmpty { members["parameters"] = .array(places + query) }
        if let body = route.body {
            members["requestBody"] = [
                "required": .flag(!body.isOptional),
                "content": content(body.mediaTypes.map { ($0, Schemas.reference(body.schema(of: $0))) }),
            ]
        }
        members["responses"] = responses(route)
        return .object(members)
    }

    private static func responses(_ route: Route) -> JSONValue {
        var responses: [JSONValue.Member] = route.answers.map { answer in
            var members: [JSONValue.Member] = [.init("description", .string(answer.meaning))]
            if let schema = answer.schema {
                let forms = answer.mediaTypes.map { ($0, schema) } + [answer.otherForm].compactMap(\.self)
                members["content"] = content(forms)
            }
            return .init("\(answer.status.code)", .object(members))
        }
        responses += route.problems.map { .init("\($0.code)", problem) }
        return .object(responses + [.init("default", problem)])
    }

    private static let problem: JSONValue = ["$ref": "#/components/responses/Problem"]

    private static func content(_ forms: [(mediaType: String, schema: JSONValue)]) -> JSONValue {
        .object(forms.map { .init($0.mediaType, ["schema": $0.schema]) })
    }
}
