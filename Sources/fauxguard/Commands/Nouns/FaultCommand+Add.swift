import ArgumentParser
import Documents
import Faults
import HTTP
import Notation
import Registry

/// New rules, from words or from a file.
extension FaultCommand {
    struct Add: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a fault rule, or those of a file, behind the others.",
            discussion: """
                Without --when a rule matches everything, without --times it acts until it is removed. A rule that \
                could not work is refused, with the reason; what looks like a slip is taken, and noted on standard error.

                EXAMPLES
                  fauxguard fault add http.status --with code=503 --times 2
                  fauxguard fault add tcp.close --when serial=FGT60FTK20000001 --for 10m
                  fauxguard fault add service.error --with code=14 --with at=token --skip 1
                  echo '- { do: http.delay, with: { latency: 0.1s } }' > rules.yaml
                  fauxguard fault add --file rules.yaml
                """
        )

        @Argument(help: "The effect, such as http.status.", completion: Completions.effects) var effect: String?
        @Option(help: "The rule's name; without one, the server makes it up from the effect's.") var name: String?

        @Option(
            name: .customLong("when"),
            help: .init(
                "What must hold; may be repeated, and then all must. "
                    + "Keys: \(RuleKey.allCases.map(\.rawValue).joined(separator: ", ")).",
                valueName: "key=value"
            ),
            completion: .list(RuleKey.allCases.map { $0.rawValue + "=" })
        )
        var conditions: [String] = []

        @Option(
            name: .customLong("with"),
            help: .init(
                "A parameter of the effect; may be repeated. A list has commas, a header is NAME:VALUE.",
                valueName: "parameter=value"
            ),
            completion: Completions.effectParameters
        )
        var arguments: [String] = []

        @Option(help: .init("Let so many matches pass first.", valueName: "count"), transform: Count.any) var skip: Int?

        @Option(help: .init("Act on so many matches, and no more.", valueName: "count"), transform: Count.any)
        var times: Int?

        @Option(help: .init("How likely it acts on a match, from 0 to 1.", valueName: "share"), transform: Count.share)
        var probability: Double?

        @Option(
            name: .customLong("for"),
            help: .init("How long it lives on the lab's clock, such as 10m.", valueName: "duration")
        )
        var lifetime: String?

        @Option(
            help: .init(
                "A rule or a list of rules, in YAML or JSON, or what fault list --json prints; - is standard input.",
                valueName: "file"
            ),
            completion: .file(extensions: ["yaml", "yml", "json"])
        )
        var file: String?

        @OptionGroup var options: AdminOptions

        func validate() throws {
            guard file != nil else {
                guard effect != nil else { throw ValidationError("Give an effect, or --file.") }
                _ = try rule()
                return
            }
            let words = [effect, name, lifetime].compactMap(\.self) + conditions + arguments
            guard words.isEmpty, skip == nil, times == nil, probability == nil else {
                throw ValidationError("Give an effect with its options, or --file; a file says all of its rules.")
            }
        }

        /// The rule that the words make, checked as the server checks it.
        private func rule() throws -> Rule {
            let members = JSONValue.members([
                ("do", .string(effect ?? "")), ("when", try RuleWords.conditions(conditions)),
                ("with", try RuleWords.arguments(arguments, of: effect ?? "")), ("name", name.map { .string($0) }),
                ("skip", skip.map { .integer($0) }), ("times", times.map { .integer($0) }),
                ("probability", probability.map { JSONValue($0) }), ("for", lifetime.map { .string($0) }),
            ])
            do throws(RuleDefect) {
                return try Rule(members)
            } catch {
                let lines = Rule.defects(of: members)
                    .map { "\($0)\(Wording.suggestion(RuleSuggestions.find(for: $0, in: members)))" }
                throw ValidationError(lines.joined(separator: "\n"))
            }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            guard let file else {
                // validate() has refused what makes none.
                guard let rule = try? rule() else { return }
                return try add(rule, session)
            }
            for entry in try Self.entries(of: file) {
                do throws(CommandFailure) {
                    try add(entry.rule, session)
                } catch {
                    throw error.at(Output.place(in: file, entry.line))
                }
            }
        }

        private func add(_ rule: Rule, _ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.post, path(in: session), body: rule.value)
            session.show(answer) { ["added \($0["name"].shown): \($0["do"].shown), at \($0["stage"].shown)"] }
            session.tell(notes: answer.json["notes"], on: answer.json["name"].shown)
        }

        private static func entries(of file: String) throws(CommandFailure) -> [RuleDocument.Entry] {
            let bytes = try Output.read(file, limit: RuleDocument.sizeLimit)
            do throws(DocumentError) {
                // YAML holds JSON too, as people write it.
                return try RuleDocument.read(bytes, as: file.hasSuffix(".json") ? .json : .yaml)
            } catch {
                let lines = error.all.map { one in
                    "\(Output.place(in: file, one.line)): " + (one.path.isEmpty ? "" : "\(one.path): ") + one.reason
                        + one.hint
                }
                let more = error.untold > 0 ? ["and \(error.untold) more"] : []
                throw CommandFailure(.no, lines[0], details: lines.dropFirst() + more)
            }
        }
    }
}

/// A rule's `when` and `with` as a command line gives them: `key=value`, typed by the catalogue.
///
/// Both throw a `ValidationError` for what is no `key=value`, and are nil where nothing is given.
enum RuleWords {
    static func conditions(_ texts: [String]) throws -> JSONValue? {
        let members = try texts.map { text in
            let (key, value) = try pair(text, "key=value")
            return JSONValue.Member(key, .string(value))
        }
        return members.isEmpty ? nil : .object(members)
    }

    static func arguments(_ texts: [String], of effect: String) throws -> JSONValue? {
        let parameters = Catalogue.effect(effect)?.parameters ?? []
        let members: [JSONValue.Member] = try texts.reduce(into: []) { members, text in
            let (name, value) = try pair(text, "parameter=value")
            let kind = parameters.first { $0.name == name }?.kind
            join(.init(name, try Self.value(value, kind)), to: &members)
        }
        return members.isEmpty ? nil : .object(members)
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
