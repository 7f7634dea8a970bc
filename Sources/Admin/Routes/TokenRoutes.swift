import HTTP
import Lab
import Notation
import Registry
import SoftToken

/// Tokens: listed, locked, unlocked, released, their codes expired.
enum TokenRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let browser = try call.browser()
        let cursor = try call.parameter("cursor", "the next of a page before") { TokenSerial($0) }
        let license = try call.parameter("license", "a license's number, such as EFTM000000000001") {
            LicenseNumber($0)
        }
        let state = try call.parameter("state", "one of \(states.joined(separator: ", "))") { TokenState(rawValue: $0) }
        let limit = try call.limit()
        let now = lab.clock.now
        let tokens = try browser.tokens(after: cursor, limit: limit, license: license, state: state, now: now)
        return .json(call.page(tokens) { .document($0.documentFields(now: now)) })
    }

    static let states = TokenState.allCases.map(\.rawValue)

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.token()
        guard let token = try call.browser().token(serial) else { throw try call.noSuch(.token, serial.description) }
        return .json(.document(token.documentFields(now: try call.lab().clock.now)))
    }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.token()
        let body = try BodyFields(call.request, keys: ["locked"])
        guard let isLocked = try body.flag("locked") else {
            throw Problem.invalid("locked is missing; it must be true or false", at: "locked")
        }
        return try await answer(to: isLocked ? .lock(serial) : .unlock(serial), call)
    }

    /// Carries out an operation on one token, and shows the token.
    private static func answer(to operation: RegistryOperation, _ call: AdminCall) async throws -> AdminAnswer {
        guard case .token(let token) = try await call.perform(operation) else { return .nothing }
        return .json(.document(token.documentFields(now: try call.lab().clock.now)))
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
            )
        ) { call in try await answer(to: operation(try call.token()), call) }
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
                    .limit, .cursor(Schemas.tokenSerial),
                    .text("license", "Only those of this license.", Schemas.licenseNumber),
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
