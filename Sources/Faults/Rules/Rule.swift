package import Notation

/// One fault rule: when, what, how often.
package struct Rule: Sendable {
    /// Its name, unique in its lab; empty where it was given none.
    package private(set) var name: String
    /// What it matches.
    package let match: RuleMatch
    /// What the catalogue says of what it does.
    package let effect: Effect
    /// What it does.
    package let action: Effect.Action
    /// What its effect was given, as it was written.
    package let arguments: [JSONValue.Member]
    /// How many matches pass first.
    package let skip: Int
    /// On how many it acts; nil for all.
    package let times: Int?
    /// How likely it acts on one.
    package let probability: Double
    /// How many seconds of the lab's clock it lives; nil until it is removed.
    package private(set) var lifetime: Int64?
    /// The stage at which it is asked.
    package let stage: Stage

    /// Whether an address has to tell it the unit.
    package var needsBinding: Bool { stage < .request && match.keys.contains { $0.isBoundByAddress } }

    /// What it does, tried on nobody: so that what it needs can be made beforehand.
    package var trial: Plan {
        var plan = Plan()
        var draw = Draw(seed: 0, rule: name, match: 1)
        action.act(&plan, &draw)
        return plan
    }

    private static let keys = ["name", "when", "do", "with", "skip", "times", "probability", "for"]
    /// What the API prints beside: a rule is taken as it is shown.
    private static let told: Set = ["stage", "matched", "acted", "missed", "retired", "expires", "notes"]
    private static let longestName = 64

    /// Reads a rule as it is written (docs/faults.md).
    ///
    /// Throws a ``RuleDefect`` that says which value is wrong, and why the rule could not work.
    package init(_ value: JSONValue) throws(RuleDefect) {
        guard case .object(let members) = value else {
            throw RuleDefect("", "a rule is an object, not \(value.kindName)")
        }
        var given: [String: JSONValue] = [:]
        for member in members where !Self.told.contains(member.name) {
            guard Self.keys.contains(member.name) else {
                throw RuleDefect(member.name, "a rule has \(Self.keys.joined(separator: ", "))")
            }
            guard given.updateValue(member.value, forKey: member.name) == nil else {
                throw RuleDefect(member.name, "it is given twice")
            }
        }
        given = given.filter { $0.value != .null }
        name = try Self.name(given["name"])
        guard case .string(let effectName)? = given["do"] else { throw RuleDefect("do", "a rule names its effect") }
        guard let effect = Catalogue.effect(effectName) else { throw RuleDefect("do", Self.unknown(effectName)) }
        self.effect = effect
        match = try RuleMatch(try Self.members(given["when"], at: "when"))
        arguments = try Self.members(given["with"], at: "with")
        action = try effect.action(try Arguments(arguments, for: effect))
        skip = try Self.count(given["skip"], "skip", from: 0) ?? 0
        times = try Self.count(given["times"], "times", from: 1)
        probability = try Self.probability(given["probability"])
        lifetime = try Self.lifetime(given["for"])
        stage = try Self.stage(of: effect, action, match, isCounting: skip > 0 || times != nil || probability < 1)
    }

    /// The same rule under a name.
    package func named(_ name: String) -> Rule {
        var rule = self
        rule.name = name
        return rule
    }

    /// The same rule with so much left to live, in seconds of the lab's clock.
    package func lasting(_ seconds: Int64) -> Rule {
        var rule = self
        rule.lifetime = seconds
        return rule
    }

    /// The rule as it is written.
    package var value: JSONValue {
        var members = name.isEmpty ? [] : [JSONValue.Member("name", .string(name))]
        if !match.isForAll {
            members.append(.init("when", .object(match.conditions.map { .init($0.key.rawValue, .string($0.text)) })))
        }
        members.append(.init("do", .string(effect.name)))
        if !arguments.isEmpty { members.append(.init("with", .object(arguments))) }
        if skip > 0 { members.append(.init("skip", .integer(skip))) }
        if let times { members.append(.init("times", .integer(times))) }
        if probability < 1 { members.append(.init("probability", JSONValue(probability))) }
        if let lifetime { members.append(.init("for", .string(DurationText.format(.seconds(lifetime))))) }
        return .object(members)
    }
}

/// The values of a rule.
extension Rule {
    private static func name(_ value: JSONValue?) throws(RuleDefect) -> String {
        guard let value else { return "" }
        guard case .string(let name) = value, !name.isEmpty, name.utf8.count <= longestName,
            name.isASCIIAlphanumeric(or: "-_.")
        else {
            throw RuleDefect(
                "name",
                "a name has 1 to \(longestName) of a-z, A-Z, 0-9, dot, dash and underscore, such as slow-poll, "
                    + "not \(value.echo)"
            )
        }
        // They are steps of a path, so that no request to `/faults/..` reaches the rule.
        guard name != ".", name != ".." else {
            throw RuleDefect("name", "\"\(name)\" alone is no name: it means a folder")
        }
        return name
    }

    private static func unknown(_ name: String) -> String {
        let group = name.prefix { $0 != "." } + "."
        let near = Catalogue.effects.map(\.name).filter { $0.hasPrefix(group) }
        let hint = near.isEmpty ? "" : "; there are \(near.joined(separator: ", "))"
        return "no effect has the name \(VisibleText.quoted(name))\(hint)"
    }

    private static func members(_ value: JSONValue?, at path: String) throws(RuleDefect) -> [JSONValue.Member] {
        guard let value else { return [] }
        guard case .object(let members) = value else {
            throw RuleDefect(path, "it is \(value.kindName), not an object")
        }
        return members
    }

    private static func count(_ value: JSONValue?, _ name: String, from least: Int) throws(RuleDefect) -> Int? {
        guard let value else { return nil }
        guard let count = value.double.flatMap({ Int(exactly: $0) }),
            (least...1_000_000_000).contains(count)
        else { throw RuleDefect(name, "it is a whole number from \(least) on, such as 2, not \(value.echo)") }
        return count
    }

    private static func probability(_ value: JSONValue?) throws(RuleDefect) -> Double {
        guard let value else { return 1 }
        guard let number = value.double, (0...1).contains(number) else {
            throw RuleDefect("probability", "it is a number from 0 to 1, such as 0.5, not \(value.echo)")
        }
        return number
    }

    private static func lifetime(_ value: JSONValue?) throws(RuleDefect) -> Int64? {
        guard let value else { return nil }
        guard case .string(let text) = value, let duration = DurationText.parse(text), duration >= .seconds(1) else {
            throw RuleDefect(
                "for",
                "it is a duration of a second or more, such as 30s, 1.5h or 2d12h, not \(value.echo)"
            )
        }
        guard duration.components.attoseconds == 0 else {
            throw RuleDefect("for", "the lab's clock counts whole seconds, not \(value.echo)")
        }
        return duration.components.seconds
    }

    /// The stage at which a rule is asked: the first of its effect's at which all that it matches on is seen, or else
    /// can be told by the source address.
    ///
    /// What acts on records of the handshake is asked at the hello.
    private static func stage(
        of effect: Effect,
        _ action: Effect.Action,
        _ match: RuleMatch,
        isCounting: Bool
    ) throws(RuleDefect) -> Stage {
        let stages = (action.stages ?? effect.stages).map { $0 == .handshake ? .hello : $0 }
        let name = effect.name
        if stages == [.listener] {
            if let key = match.keys.first(where: { $0 != .listener }) {
                throw RuleDefect("when.\(key.rawValue)", "\(name) matches on a listener only: nobody has come yet")
            }
            guard !isCounting else {
                throw RuleDefect("", "\(name) counts nothing: it takes neither skip, times nor probability")
            }
            return .listener
        }
        if let seen = stages.first(where: { stage in match.keys.allSatisfy { $0.knownAt <= stage } }) { return seen }
        if let told = stages.first(where: { stage in match.keys.allSatisfy { $0.isKnown(at: stage) } }) { return told }
        let last = stages.last ?? .accept
        let key = match.keys.first { !$0.isKnown(at: last) } ?? .listener
        throw RuleDefect("when.\(key.rawValue)", "\(name) acts before anybody can know it (at \(last.rawValue))")
    }
}
