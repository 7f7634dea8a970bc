import TestKit

/// A set of fault rules that chance makes from the catalogue as it is served.
struct RuleSet: Sendable {
    /// The rules as JSON.
    let rules: [String]

    /// One effect of the catalogue.
    struct Effect: Sendable {
        let name: String
        let parameters: [Parameter]

        /// Reads an item of `GET /api/v1/faults/catalogue`.
        init?(_ item: [String: Any]) {
            guard let name = item["name"] as? String, let parameters = item["parameters"] as? [[String: Any]] else {
                return nil
            }
            self.name = name
            self.parameters = parameters.compactMap { Parameter($0) }
        }
    }

    /// One parameter.
    struct Parameter: Sendable {
        let name: String
        let type: String
        let range: String
        let isRequired: Bool

        init?(_ item: [String: Any]) {
            guard let name = item["name"] as? String, let type = item["type"] as? String else { return nil }
            self.name = name
            self.type = type
            range = item["range"] as? String ?? ""
            isRequired = item["required"] as? Bool ?? false
        }
    }

    /// One to five rules of random effects with random parameters.
    init(from catalogue: [Effect], by chance: inout SeededRandom) {
        rules = (0..<chance.number(1...5))
            .map { number in
                let effect = catalogue[chance.number(0...catalogue.count - 1)]
                return Self.rule("rule-\(number)", effect, by: &chance)
            }
    }

    private static func rule(_ name: String, _ effect: Effect, by chance: inout SeededRandom) -> String {
        var members = [#""name":"\#(name)""#, #""do":"\#(effect.name)""#]
        let given = effect.parameters.filter { $0.isRequired || chance.isTrue(0.5) }
            .map { "\"\($0.name)\":\(value(of: $0, by: &chance))" }
        members.append("\"with\":{\(given.joined(separator: ","))}")
        // A closed port takes no condition but its listener, and no count.
        if effect.name != "tcp.refuse" {
            if chance.isTrue(0.5) { members.append(#""when":{"client":"127.0.0.\#(chance.number(2...5))"}"#) }
            if chance.isTrue(0.3) { members.append("\"skip\":\(chance.number(1...2))") }
            if chance.isTrue(0.3) { members.append("\"times\":\(chance.number(1...3))") }
            if chance.isTrue(0.3) { members.append("\"probability\":0.\(chance.number(1...9))") }
        }
        if chance.isTrue(0.3) { members.append(#""for":"\#(["1s", "1h"][chance.number(0...1)])""#) }
        return "{\(members.joined(separator: ","))}"
    }

    private static func value(of parameter: Parameter, by chance: inout SeededRandom) -> String {
        func one(_ values: [String]) -> String { values[chance.number(0...values.count - 1)] }
        switch parameter.type {
        // Short ones let a client come through, long ones outlast it.
        case "duration": return "\"\(one(["0ms", "20ms", "100ms", "10m", "1d"]))\""
        case "integer": return integer(in: parameter.range, by: &chance)
        case "number": return "0.\(chance.number(1...9))"
        case "choice": return "\"\(one(parameter.range.split(separator: ", ").map(String.init)))\""
        case "list":
            return parameter.name == "list" ? one([#"["TLS_AES_128_GCM_SHA256"]"#, #"["P-256"]"#]) : #"["a"]"#
        case "map": return #"{"X-Rule":"of chance"}"#
        default: return "\"\(text(of: parameter.name, by: &chance))\""
        }
    }

    private static func integer(in range: String, by chance: inout SeededRandom) -> String {
        let bounds = range.split(separator: " ").compactMap { Int($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else { return "1" }
        let least = bounds[0]
        switch chance.number(0...2) {
        case 0: return "\(least)"
        case 1: return "\(min(bounds[1], least + chance.number(0...200)))"
        default: return "\(chance.number(least...bounds[1]))"
        }
    }

    /// A text that the parameters of this name take.
    private static func text(of name: String, by chance: inout SeededRandom) -> String {
        let known = [
            "profile": ["expired", "dpi", "self-signed", "trusted", "wrong-name"], "serial": ["FG100FTK20009876"],
            "to": ["https://portal.test/"], "value": ["text/html"], "field": ["d.license", "d.__type", "d.tokens"],
        ]
        let values = known[name] ?? ["by chance"]
        return values[chance.number(0...values.count - 1)]
    }
}
