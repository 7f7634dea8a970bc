import ArgumentParser
import Faults
import Notation

/// A rule's `do`, `when` and `with` as a command line gives them: `key=value`, typed by the catalogue.
struct RuleWords {
    private let effect: String
    private let conditions: [JSONValue.Member]
    private let arguments: [JSONValue.Member]

    /// Reads them; throws a `ValidationError` for what is no `key=value`.
    init(effect: String, conditions: [String], arguments: [String]) throws {
        self.effect = effect
        self.conditions = try conditions.map { text in
            let (key, value) = try Self.pair(text, "key=value")
            return .init(key, .string(value))
        }
        let parameters = Catalogue.effect(effect)?.entry.parameters ?? []
        self.arguments = try arguments.reduce(into: []) { members, text in
            let (name, value) = try Self.pair(text, "parameter=value")
            let kind = parameters.first { $0.name == name }?.kind
            Self.join(.init(name, try Self.value(value, kind)), to: &members)
        }
    }

    /// The members of the rule.
    var members: [JSONValue.Member] {
        var members = [JSONValue.Member("do", .string(effect))]
        if !conditions.isEmpty { members.append(.init("when", .object(conditions))) }
        if !arguments.isEmpty { members.append(.init("with", .object(arguments))) }
        return members
    }

    private static func pair(_ text: String, _ form: String) throws -> (String, String) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
            throw ValidationError("\"\(text)\" is no \(form)")
        }
        return (sides[0], sides[1])
    }

    /// The value that a parameter of this kind takes; what cannot be read as one stays a text, which the rule refuses.
    private static func value(_ text: String, _ kind: Parameter.Kind?) throws -> JSONValue {
        switch kind {
        case .integer?, .number?: return Double(text).map { JSONValue($0) } ?? .string(text)
        case .names?: return .array(text.split(separator: ",").map { .string(String($0)) })
        case .texts?:
            let sides = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw ValidationError("\"\(text)\" is no NAME:VALUE") }
            return .object([.init(sides[0], .string(String(sides[1].drop { $0 == " " })))])
        case .duration?, .text?, .choice?, nil: return .string(text)
        }
    }

    /// Adds an argument; lists and headers may come in several.
    private static func join(_ member: JSONValue.Member, to members: inout [JSONValue.Member]) {
        let index = members.firstIndex { $0.name == member.name }
        switch (index.map { members[$0].value }, member.value) {
        case (.array(let before)?, .array(let more)):
            members[index ?? 0] = .init(member.name, .array(before + more))
        case (.object(let before)?, .object(let more)):
            members[index ?? 0] = .init(member.name, .object(before + more))
        default: members.append(member)
        }
    }
}
