import HTTP
import Registry
import SoftToken

/// Licenses: listed, issued, changed, transferred, removed.
enum LicenseRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let browser = try call.browser()
        let cursor = try call.parameter("cursor", "the next of a page before") { LicenseNumber($0) }
        let owner = try call.parameter("owner", "a device's serial") { Serial($0) }
        let limit = try call.limit()
        let licenses = try browser.licenses(after: cursor, limit: limit + 1, owner: owner)
        return .json(call.page(licenses, limit, { $0.number.description }) { .text($0.json) })
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try resource(try call.licenseNumber(), call))
    }

    static func issue(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["size", "number", "code", "validUntil", "tokens"])
        guard let size = try body.integer("size", in: License.sizes) else {
            throw Problem.invalid("size is missing; it must be a number of tokens", at: "size")
        }
        let draft = LicenseDraft(
            size: size,
            number: try body.text("number", "EFTM and 12 digits") {
                LicenseNumber($0).flatMap { $0.isTrial ? nil : $0 }
            },
            code: try body.text("code", "20 hexadecimal digits in five groups, not all zero") {
                RedemptionCode($0).flatMap { $0.isTrial ? nil : $0 }
            },
            validUntil: try body.text("validUntil", "a day such as 2027-11-21") { CalendarDay($0) },
            tokens: try body.texts("tokens", "FTKMOB and 10 hexadecimal digits, upper case") { TokenSerial($0) } ?? []
        )
        guard case .license(let license, let tokens) = try await call.perform(.issueLicense(draft)) else {
            throw Problem.conflict("nothing was issued")
        }
        return .created(.text(license.json(adding: "tokens", tokens.map(\.description))))
    }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["validUntil", "revoked"])
        guard !body.isEmpty else { throw Problem.invalid("give validUntil or revoked") }
        let day =
            body.isNull("validUntil")
            ? nil : try body.text("validUntil", "a day such as 2027-11-21, or null") { CalendarDay($0) }
        let patch = LicensePatch(
            validUntil: body.has("validUntil") ? .some(day) : nil,
            revoked: try body.flag("revoked")
        )
        _ = try await call.perform(.changeLicense(number, patch))
        return .json(try resource(number, call))
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try await call.perform(.removeLicense(try call.licenseNumber()))
        return .nothing
    }

    static func transfer(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        let body = try BodyFields(call.request, keys: ["to", "graceSeconds"])
        let unit = try body.required("to", "the serial of the unit that gets it") { Serial($0) }
        let grace = try body.integer("graceSeconds", in: 0...ClockRoutes.longestAdvance) ?? 0
        _ = try await call.perform(.transferLicense(number, to: unit, graceSeconds: Int64(grace)))
        return .json(try resource(number, call))
    }

    static func resetTrial(_ call: AdminCall) async throws -> AdminAnswer {
        let number = try call.licenseNumber()
        _ = try await call.perform(.resetTrial(number))
        return .json(try resource(number, call))
    }

    private static func resource(_ number: LicenseNumber, _ call: AdminCall) throws -> JSONValue {
        let browser = try call.browser()
        guard let license = try browser.license(number) else {
            throw Problem.notFound(
                "no license \(number)",
                suggestions: try browser.names(near: number.description, of: .licenses)
            )
        }
        return .text(license.json)
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
                query: [.limit, .cursor, .text("owner", "Only those of this device.")],
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
                body: .init(schema: "NewLicense"),
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
                summary: "Move a license's last day, or revoke it.",
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
                summary: "Give a license to another unit; the former owner stays covered for a grace.",
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
