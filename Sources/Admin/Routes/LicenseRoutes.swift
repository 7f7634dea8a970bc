import HTTP
import Lab
import Notation
import Registry
import SoftToken

/// Licenses: listed, issued, changed, transferred, removed.
enum LicenseRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let browser = try call.browser()
        let cursor = try call.parameter("cursor", "the next of a page before") { LicenseNumber($0) }
        let owner = try call.parameter("owner", "a device's serial, such as FGT60FTK20000001") { Serial($0) }
        let limit = try call.limit()
        let licenses = try browser.licenses(after: cursor, limit: limit, owner: owner)
        return .json(call.page(licenses) { .document($0.documentFields) })
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        guard let license = try call.browser().license(number) else {
            throw try call.noSuch(.license, number.description)
        }
        return .json(.document(license.documentFields))
    }

    static func issue(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(
            call.request,
            keys: ["size", "number", "code", "validUntil", "transferable", "tokens"]
        )
        var refusals = BodyRefusals()
        let size = refusals.reading { () throws(Problem) in
            guard let size = try body.integer("size", in: License.sizes) else {
                throw .invalid("size is missing; it must be a number of tokens", at: "size")
            }
            return size
        }
        let draft = LicenseDraft(
            size: size ?? License.sizes.lowerBound,
            number: refusals.reading { () throws(Problem) in
                try body.text("number", "EFTM and 12 digits, such as EFTM000000000777") {
                    LicenseNumber($0).flatMap { $0.isTrial ? nil : $0 }
                }
            },
            code: refusals.reading { () throws(Problem) in
                try body.text(
                    "code",
                    "20 hexadecimal digits in five groups, XXXX-XXXX-XXXX-XXXX-XXXX, not all zero"
                ) {
                    RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 }
                }
            },
            validUntil: refusals.reading { () throws(Problem) in
                try body.text("validUntil", "a day such as 2027-11-21") { CalendarDay($0) }
            },
            isTransferable: refusals.reading { () throws(Problem) in try body.flag("transferable") } ?? true,
            tokens: refusals.reading { () throws(Problem) in
                try body.texts("tokens", "FTKMOB and 10 hexadecimal digits, upper case, such as FTKMOB947FDC1754") {
                    TokenSerial($0)
                }
            } ?? []
        )
        try refusals.check()
        guard case .license(let license, let tokens) = try await call.perform(.issueLicense(draft)) else {
            return .nothing
        }
        let serials = DocumentValue.list(tokens.map { .word($0.description) })
        return .created(.document(license.documentFields + [("tokens", serials)]))
    }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["validUntil", "revoked", "transferable"])
        guard !body.isEmpty else { throw Problem.invalid("give validUntil, revoked or transferable") }
        let day =
            body.isNull("validUntil")
            ? nil : try body.text("validUntil", "a day such as 2027-11-21, or null") { CalendarDay($0) }
        let patch = LicensePatch(
            validUntil: body.has("validUntil") ? day.map { .set($0) } ?? .remove : .keep,
            isRevoked: try body.flag("revoked"),
            isTransferable: try body.flag("transferable")
        )
        return .json(resource(try await call.perform(.changeLicense(number, patch))))
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try await call.perform(.removeLicense(try call.licenseNumber()))
        return .nothing
    }

    static func transfer(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["to", "graceSeconds"])
        let unit = try body.required("to", "the serial of the unit that gets it, such as FGT60FTK20000009") {
            Serial($0)
        }
        let grace = try body.integer("graceSeconds", in: 0...Int(Rules.longestGrace)) ?? 0
        let transfer = RegistryOperation.transferLicense(number, to: unit, graceSeconds: Int64(grace))
        return .json(resource(try await call.perform(transfer)))
    }

    static func resetTrial(_ call: AdminCall) async throws -> AdminAnswer {
        .json(resource(try await call.perform(.resetTrial(try call.licenseNumber()))))
    }

    private static func resource(_ outcome: OperationOutcome) -> JSONValue {
        guard case .license(let license, _) = outcome else { return .null }
        return .document(license.documentFields)
    }
}

extension RouteTable {
    static let licenses: [Route] = [
        Route(
            "GET",
            "/api/v1/labs/{lab}/licenses",
            Operation(
                id: "listLicenses",
                tag: "licenses",
                summary: "List licenses by number.",
                query: [
                    .limit, .cursor(Schemas.licenseNumber),
                    .text("owner", "Only those of this device.", Schemas.serial),
                ],
                answers: [.page(of: "License")],
                problems: [.notFound, .unprocessableContent]
            ),
            LicenseRoutes.list
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/licenses",
            Operation(
                id: "issueLicense",
                tag: "licenses",
                summary: "Issue a license; what is not given is drawn from the lab's chance.",
                body: .init(schema: "NewLicense", limit: 4 << 20),
                answers: [.created("License")],
                problems: [.notFound, .conflict, .unprocessableContent]
            ),
            LicenseRoutes.issue
        ),
        Route(
            "GET",
            "/api/v1/labs/{lab}/licenses/{number}",
            Operation(
                id: "getLicense",
                tag: "licenses",
                summary: "Show a license.",
                answers: [.ok("License")],
                problems: [.notFound]
            ),
            LicenseRoutes.show
        ),
        Route(
            "PATCH",
            "/api/v1/labs/{lab}/licenses/{number}",
            Operation(
                id: "changeLicense",
                tag: "licenses",
                summary: "Move a license's last day, revoke it, or say whether it may be transferred.",
                body: .init(schema: "LicenseChange"),
                answers: [.ok("License")],
                problems: [.notFound, .conflict, .unprocessableContent]
            ),
            LicenseRoutes.change
        ),
        Route(
            "DELETE",
            "/api/v1/labs/{lab}/licenses/{number}",
            Operation(
                id: "removeLicense",
                tag: "licenses",
                summary: "Remove a license with its tokens.",
                answers: [.nothing],
                problems: [.notFound]
            ),
            LicenseRoutes.remove
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/licenses/{number}/transfer",
            Operation(
                id: "transferLicense",
                tag: "licenses",
                summary:
                    "Give a license to another unit, unless it is not transferable; the former owner may use it for a grace.",
                body: .init(schema: "Transfer"),
                answers: [.ok("License")],
                problems: [.notFound, .conflict, .unprocessableContent]
            ),
            LicenseRoutes.transfer
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/licenses/{number}/reset",
            Operation(
                id: "resetTrial",
                tag: "licenses",
                summary: "Make a trial's tokens available again, as importing it anew does.",
                answers: [.ok("License")],
                problems: [.notFound, .conflict]
            ),
            LicenseRoutes.resetTrial
        ),
    ]
}

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
