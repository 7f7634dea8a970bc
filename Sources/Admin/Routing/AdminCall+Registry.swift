import IO
import Lab
import Registry
import SoftToken

/// What the routes over a lab's registry share.
extension AdminCall {
    /// The reader of the lab's registry.
    func browser() throws -> RegistryBrowser { try installation.browsers.value.browser(of: try lab()) }

    /// The serial that the path names; no device can have a malformed one.
    func serial() throws(Problem) -> Serial {
        guard let serial = Serial(name("serial")) else { throw .notFound("no device \(quoted(name("serial")))") }
        return serial
    }

    /// The license that the path names.
    func licenseNumber() throws(Problem) -> LicenseNumber {
        guard let number = LicenseNumber(name("number")) else {
            throw .notFound("no license \(quoted(name("number")))")
        }
        return number
    }

    /// The token that the path names.
    func token() throws(Problem) -> TokenSerial {
        guard let serial = TokenSerial(name("serial")) else { throw .notFound("no token \(quoted(name("serial")))") }
        return serial
    }

    /// Carries out an operation on the lab's registry; durable when it returns.
    func perform(_ operation: RegistryOperation) async throws -> OperationOutcome {
        let lab = try lab()
        let outcome = try await lab.store.perform(operation, lab.ruleContext)
        guard case .refused(let refusal) = outcome else { return outcome }
        switch refusal.kind {
        case .notFound:
            let suggestions = try refusal.subject.map { try browser().names(near: $0, of: refusal.space) } ?? []
            throw Problem.notFound(refusal.reason, suggestions: suggestions)
        case .conflict: throw Problem.conflict(refusal.reason)
        case .invalid: throw Problem.invalid(refusal.reason)
        }
    }

    /// A page of at most `limit` of the rows, of which one more was asked for to learn whether there are more.
    func page<Row>(
        _ rows: [Row],
        _ limit: Int,
        _ key: (Row) -> String,
        _ item: (Row) -> JSONValue
    ) -> JSONValue {
        LabRoutes.page(rows.prefix(limit).map(item), next: rows.count > limit ? key(rows[limit - 1]) : nil)
    }
}
