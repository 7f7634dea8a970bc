import HTTP
import Lab
import Registry
import SoftToken

/// Tokens: listed, locked, unlocked, released, their codes expired.
enum TokenRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let browser = try call.browser()
        let cursor = try call.parameter("cursor", "the next of a page before") { TokenSerial($0) }
        let license = try call.parameter("license", "a license's number") { LicenseNumber($0) }
        let state = try call.parameter("state", "one of \(states.joined(separator: ", "))") { TokenState(rawValue: $0) }
        let limit = try call.limit()
        let now = lab.clock.now
        let tokens = try browser.tokens(after: cursor, limit: limit + 1, license: license, state: state, now: now)
        return .json(call.page(tokens, limit, { $0.serial.description }) { .text($0.json(now: now)) })
    }

    static let states = TokenState.allCases.map(\.rawValue)

    static func show(_ call: AdminCall) async throws -> AdminAnswer { .json(try resource(try call.token(), call)) }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.token()
        let body = try BodyFields(call.request, keys: ["locked"])
        guard let isLocked = try body.flag("locked") else {
            throw Problem.invalid("locked is missing; it must be true or false", at: "locked")
        }
        _ = try await call.perform(isLocked ? .lock(serial) : .unlock(serial))
        return .json(try resource(serial, call))
    }

    /// Carries out an operation on one token.
    static func doing(_ operation: @escaping @Sendable (TokenSerial) -> RegistryOperation) -> Route.Handler {
        { call in
            let serial = try call.token()
            _ = try await call.perform(operation(serial))
            return .json(try resource(serial, call))
        }
    }

    private static func resource(_ serial: TokenSerial, _ call: AdminCall) throws -> JSONValue {
        let browser = try call.browser()
        guard let token = try browser.token(serial) else {
            throw Problem.notFound(
                "no token \(serial)",
                suggestions: try browser.names(near: serial.description, of: .tokens)
            )
        }
        return .text(token.json(now: try call.lab().clock.now))
    }

    /// A route that does one thing to a token.
    static func action(
        _ verb: String,
        _ summary: String,
        _ operation: @escaping @Sendable (TokenSerial) -> RegistryOperation
    ) -> Route {
        Route(
            "POST",
            "/api/v1/labs/{lab}/tokens/{serial}/\(verb)",
            Operation(
                id: "\(verb)Token",
                tag: "tokens",
                summary: summary,
                answers: [.ok("Token")],
                problems: [.notFound, .conflict]
            ),
            doing(operation)
        )
    }
}

extension RouteTable {
    static let tokens: [Route] = [
        Route(
            "GET",
            "/api/v1/labs/{lab}/tokens",
            Operation(
                id: "listTokens",
                tag: "tokens",
                summary: "List tokens by serial.",
                query: [
                    .limit, .cursor, .text("license", "Only those of this license."),
                    .choice("state", "Only those in this state.", TokenRoutes.states),
                ],
                answers: [.page(of: "Token")],
                problems: [.notFound, .unprocessableContent]
            ),
            TokenRoutes.list
        ),
        Route(
            "GET",
            "/api/v1/labs/{lab}/tokens/{serial}",
            Operation(
                id: "getToken",
                tag: "tokens",
                summary: "Show a token.",
                answers: [.ok("Token")],
                problems: [.notFound]
            ),
            TokenRoutes.show
        ),
        Route(
            "PATCH",
            "/api/v1/labs/{lab}/tokens/{serial}",
            Operation(
                id: "changeToken",
                tag: "tokens",
                summary: "Lock or unlock a token.",
                body: .init(schema: "TokenChange"),
                answers: [.ok("Token")],
                problems: [.notFound, .unprocessableContent]
            ),
            TokenRoutes.change
        ),
        TokenRoutes.action("lock", "Lock a token: provisions of it are refused.") { .lock($0) },
        TokenRoutes.action("unlock", "Unlock a token.") { .unlock($0) },
        TokenRoutes.action("release", "Make a token available again: its seed, code and phone are dropped.") {
            .release($0)
        },
        TokenRoutes.action("expire", "End a token's activation code now.") { .expire($0) },
    ]
}
