import Documents
import Faults
import HTTP
import Lab
import Notation
import Registry
import Server

/// Fault rules: listed, added, removed; and what rules can do.
enum FaultRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let limit = try call.limit()
        let after = try call.cursor(DecimalText.integer) ?? 0
        let rest = try call.lab().faults.rules.filter { $0.number > after }
        return .page(of: rest, limit, by: { "\($0.number)" }, JSONValue.rule)
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let name = call.name("rule")
        let rules = try call.lab().faults.rules
        guard let state = rules.first(where: { $0.rule.name == name }) else { throw noRule(name, among: rules) }
        return .json(.rule(state))
    }

    static func add(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try call.lab()
        let rule = try await rule(of: call)
        return try await call.alone { lab in
            let rules = lab.faults.rules
            guard !rules.contains(where: { $0.rule.name == rule.name }) else {
                throw Problem.conflict("a rule is called \(rule.name) already")
            }
            guard rules.count < RuleBook.limit else {
                throw Problem.conflict("the lab has \(RuleBook.limit) rules already, as many as it may")
            }
            let state = try await call.installation.faults.add(rule, to: lab)
            // A lab's and a rule's name are of letters that a path holds as they are.
            return .created(.rule(state)).with("Location", "/api/v1/labs/\(lab.name)/faults/\(state.rule.name)")
        }
    }

    /// Reads the rule away from the loop: whoever sends it decides how long that takes.
    private static func rule(of call: AdminCall) async throws -> Rule {
        do {
            return try await call.reading(RuleDocument.readOne) { $0 }
        } catch let error as DocumentError {
            throw Problem(rule: error)
        }
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            let name = call.name("rule")
            let rules = lab.faults.rules
            guard await call.installation.faults.remove(name, from: lab) else { throw noRule(name, among: rules) }
            return .nothing
        }
    }

    static func clear(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            await call.installation.faults.removeAll(from: lab)
            return .nothing
        }
    }

    static func catalogue(_ call: AdminCall) async throws -> AdminAnswer {
        let (limit, entries) = (try call.limit(), Catalogue.effects)
        let start = try call.cursor { name in entries.firstIndex { $0.name == name }.map { $0 + 1 } }
        return .page(of: entries.dropFirst(start ?? 0), limit, by: \.name, JSONValue.effect)
    }

    static func effect(_ call: AdminCall) async throws -> AdminAnswer {
        let name = call.name("effect")
        guard let effect = Catalogue.effect(name) else {
            let near = NearNames.find(name, among: Catalogue.effects.map(\.name))
            throw Problem.notFound("no effect \(quoted(name))", suggestions: near)
        }
        return .json(.effect(effect))
    }

    private static func noRule(_ name: String, among rules: [RuleState]) -> Problem {
        .notFound("no rule \(quoted(name))", suggestions: NearNames.find(name, among: rules.map(\.rule.name)))
    }
}

extension RouteTable {
    static let faults: [Route] = [
        Route("GET", "/labs/{lab}/faults", "listFaults", FaultRoutes.list)
            .does("List a lab's fault rules in their order, with what became of each.")
            .asks([.limit, .cursor(Schemas.entryNumber)]).givesPage(of: "FaultRule"),
        Route("POST", "/labs/{lab}/faults", "addFault", FaultRoutes.add)
            .does("Put a fault rule behind the others; one that could not work is refused with the reason.")
            .takes(
                "NewFaultRule",
                inYAML: "NewFaultRuleInYAML",
                as: Route.Body.documentTypes,
                upTo: RuleDocument.sizeLimit
            )
            .makes("FaultRule").refuses(.conflict, .serviceUnavailable),
        Route("DELETE", "/labs/{lab}/faults", "clearFaults", FaultRoutes.clear)
            .does("Remove all fault rules of a lab.").givesNothing,
        Route("GET", "/labs/{lab}/faults/{rule}", "getFault", FaultRoutes.show)
            .does("Show a fault rule, and what became of it.").gives("FaultRule"),
        Route("DELETE", "/labs/{lab}/faults/{rule}", "removeFault", FaultRoutes.remove)
            .does("Remove a fault rule.").givesNothing,
        Route("GET", "/faults/catalogue", "faultCatalogue", FaultRoutes.catalogue)
            .does("List every effect that a rule can have.")
            .asks([.limit, .cursor(Schemas.effectName)]).givesPage(of: "FaultEffect"),
        Route("GET", "/faults/catalogue/{effect}", "getFaultEffect", FaultRoutes.effect)
            .does("Show one effect: what it takes, what clients report, what a correct one does.").gives("FaultEffect"),
    ]
}
