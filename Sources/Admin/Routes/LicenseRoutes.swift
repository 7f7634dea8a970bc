import HTTP
import Lab
import Notation
import Registry
import SoftToken

/// Licenses: listed, issued, changed, transferred, removed.
enum LicenseRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let browser = try call.browser()
        let cursor = try call.cursor { LicenseNumber($0) }
        let owner = try call.parameter("owner", "a device's serial, such as FGT60FTK20000001") { Serial($0) }
        let licenses = try browser.licenses(after: cursor, limit: try call.limit(), owner: owner)
        return .page(licenses, \.documentFields)
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        guard let license = try call.browser().license(number) else {
            throw try call.noSuch(.license, number.description)
        }
        return .json(.document(license.documentFields))
    }

    static func issue(_ call: AdminCall) async throws -> AdminAnswer {
        let keys = ["size", "number", "code", "validUntil", "transferable", "tokens"]
        let body = try BodyFields(call.request, keys: keys)
        if !body.has("size") { body.refuse("size", "is missing; it must be a number of tokens") }
        let codeForm = "20 hexadecimal digits in five groups, XXXX-XXXX-XXXX-XXXX-XXXX, not all zero"
        let tokenForm = "FTKMOB and 10 hexadecimal digits, upper case, such as FTKMOB947FDC1754"
        let draft = LicenseDraft(
            size: body.integer("size", in: License.sizes) ?? License.sizes.lowerBound,
            number: body.text("number", "EFTM and 12 digits, such as EFTM000000000777") {
                LicenseNumber($0).flatMap { $0.isTrial ? nil : $0 }
            },
            code: body.text("code", codeForm) { RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 } },
            validUntil: body.text("validUntil", "a day such as 2027-11-21") { CalendarDay($0) },
            isTransferable: body.flag("transferable") ?? true,
            tokens: body.texts("tokens", tokenForm) { TokenSerial($0) } ?? []
        )
        try body.check()
        guard case .license(let license, let tokens) = try await call.perform(.issueLicense(draft)) else {
            return .nothing
        }
        return .created(.document(license.documentFields + [.init("tokens", .texts(tokens.map(\.description)))]))
    }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["validUntil", "revoked", "transferable"])
        guard !body.isEmpty else { throw Problem.invalid("give validUntil, revoked or transferable") }
        let day =
            body.isNull("validUntil")
            ? nil : body.text("validUntil", "a day such as 2027-11-21, or null") { CalendarDay($0) }
        let patch = LicensePatch(
            validUntil: body.has("validUntil") ? day.map { .set($0) } ?? .remove : .keep,
            isRevoked: body.flag("revoked"),
            isTransferable: body.flag("transferable")
        )
        try body.check()
        return .json(resource(try await call.perform(.changeLicense(number, patch))))
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try await call.perform(.removeLicense(try call.licenseNumber()))
        return .nothing
    }

    static func transfer(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["to", "graceSeconds"])
        let unit = body.required("to", "the serial of the unit that gets it, such as FGT60FTK20000009") { Serial($0) }
        let grace = Int64(body.integer("graceSeconds", in: 0...Int(License.Grace.longest)) ?? 0)
        let transfer = RegistryOperation.transferLicense(number, to: try body.checked(unit), graceSeconds: grace)
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
        Route("GET", "", "listLicenses", LicenseRoutes.list)
            .does("List licenses by number.")
            .asks([
                .limit, .cursor(Schemas.licenseNumber), .init("owner", "Only those of this device.", Schemas.serial),
            ])
            .givesPage(of: "License"),
        Route("POST", "", "issueLicense", LicenseRoutes.issue)
            .does("Issue a license; what is not given is drawn from the lab's chance.")
            .takes("NewLicense", upTo: 4 << 20).makes("License").refuses(.conflict),
        Route("GET", "/{number}", "getLicense", LicenseRoutes.show).does("Show a license.").gives("License"),
        Route("PATCH", "/{number}", "changeLicense", LicenseRoutes.change)
            .does("Move a license's last day, revoke it, or say whether it may be transferred.")
            .takes("LicenseChange").gives("License").refuses(.conflict),
        Route("DELETE", "/{number}", "removeLicense", LicenseRoutes.remove)
            .does("Remove a license with its tokens.").givesNothing,
        Route("POST", "/{number}/transfer", "transferLicense", LicenseRoutes.transfer)
            .does(
                "Give a license to another unit, unless it is not transferable; the former owner may use it for a grace."
            )
            .takes("Transfer").gives("License").refuses(.conflict),
        Route("POST", "/{number}/reset", "resetTrial", LicenseRoutes.resetTrial)
            .does("Make a trial's tokens available again, as importing it anew does.")
            .gives("License").refuses(.conflict),
    ]
}

/// Tokens: listed, locked, unlocked, released, their codes expired.
enum TokenRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let browser = try call.browser()
        let cursor = try call.cursor { TokenSerial($0) }
        let form = "a license's number, such as EFTM000000000001"
        let license = try call.parameter("license", form) { LicenseNumber($0) }
        let state = try call.parameter("state", "one of \(states.joined(separator: ", "))") { TokenState(rawValue: $0) }
        let (limit, now) = (try call.limit(), lab.clock.now)
        let tokens = try browser.tokens(after: cursor, limit: limit, license: license, state: state, now: now)
        return .page(tokens) { $0.documentFields(now: now) }
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
        if !body.has("locked") { body.refuse("locked", "is missing; it must be true or false") }
        let isLocked = try body.checked(body.flag("locked"))
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
        Route("POST", "/{serial}/\(verb)", "\(verb)Token") { try await answer(to: operation(try $0.token()), $0) }
            .does(summary).gives("Token").refuses(.conflict)
    }
}

extension RouteTable {
    static let tokens: [Route] = [
        Route("GET", "", "listTokens", TokenRoutes.list)
            .does("List tokens by serial.")
            .asks([
                .limit, .cursor(Schemas.tokenSerial),
                .init("license", "Only those of this license.", Schemas.licenseNumber),
                .choice("state", "Only those in this state.", TokenRoutes.states),
            ])
            .givesPage(of: "Token"),
        Route("GET", "/{serial}", "getToken", TokenRoutes.show).does("Show a token.").gives("Token"),
        Route("PATCH", "/{serial}", "changeToken", TokenRoutes.change)
            .does("Lock or unlock a token.").takes("TokenChange").gives("Token"),
        TokenRoutes.action("lock", "Lock a token: provisions of it are refused.") { .lock($0) },
        TokenRoutes.action("unlock", "Unlock a token.") { .unlock($0) },
        TokenRoutes.action("release", "Make a token available again: its seed, code and phone are dropped.") {
            .release($0)
        },
        TokenRoutes.action("expire", "End a token's activation code now.") { .expire($0) },
    ]
}
