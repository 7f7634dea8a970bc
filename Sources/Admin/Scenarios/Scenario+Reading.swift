import Faults
import Journal
import Lab
package import Registry

extension Scenario {
    private static let keys = [
        "name", "title", "symptom", "published", "see", "registry", "clock", "steps", "faults",
    ]
    private static let longestRuleName = 64

    /// Whether a scenario may have this name: it becomes a file's, and the beginning of its rules' names.
    package static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// Reads a scenario's file, whose name without `.yaml` is `name`.
    ///
    /// Throws a ``DocumentError`` with the first thing that is wrong, a key that nothing is known by included.
    package init(_ bytes: [UInt8], named name: String) throws(DocumentError) {
        guard Self.isName(name) else {
            throw DocumentError(reason: "the file's name must be of a-z, 0-9 and -, 40 at most")
        }
        let file = try ScenarioFields(try DocumentNode.read(bytes, as: .yaml), at: "", keys: Self.keys)
        _ = try file.value("name", "'\(name)', as the file's name is") { $0 == name ? () : nil }
        self.name = name
        title = try file.text("title")
        symptom = try file.text("symptom")
        published = try file.text("published")
        sights = try file.list("see").map { (path, node) throws(DocumentError) in try ScenarioSight(node, at: path) }
        guard !sights.isEmpty else { throw file.error(nil, "'see' is missing: what is seen while it runs") }
        registry = file.node("registry")
        draft = try registry.map { node throws(DocumentError) in try Self.draft(node) }
        clock = file.has("clock") ? try Self.clock(file.fields("clock", keys: ["mode", "now"])) : nil
        steps = try file.list("steps").map { (path, node) throws(DocumentError) in try ScenarioStep(node, at: path) }
        rules = try file.node("faults").map { node throws(DocumentError) in try Self.rules(node, of: name) } ?? []
        guard draft != nil || !rules.isEmpty else {
            throw file.error(nil, "a scenario has 'registry' or 'faults', or nothing would be different")
        }
    }

    /// Reads the rows, which must be whole by themselves, so that any lab can take them.
    private static func draft(_ node: DocumentNode) throws(DocumentError) -> DocumentDraft {
        do throws(DocumentError) {
            let draft = try DocumentDraft.read(node)
            _ = try draft.completed(Chance(seed: 1))
            return draft
        } catch {
            let path = error.path.isEmpty ? "registry" : "registry.\(error.path)"
            throw DocumentError(path: path, line: error.line ?? node.line, reason: error.reason)
        }
    }

    private static func clock(_ fields: ScenarioFields) throws(DocumentError) -> Clock {
        let clock = Clock(
            mode: try fields.choice("mode", LabClock.Mode.self),
            now: try fields.value("now", "a time such as 2027-11-21T08:00:00Z, from 1970 to 9998") {
                RFC3339.seconds($0).flatMap { LabClock.range.contains($0) ? $0 : nil }
            }
        )
        guard clock.mode != nil || clock.now != nil else { throw fields.error(nil, "give mode or now") }
        return clock
    }

    private static func rules(_ node: DocumentNode, of scenario: String) throws(DocumentError) -> [Rule] {
        let entries: [RuleDocument.Entry]
        do throws(RuleDocumentError) {
            entries = try RuleDocument.entries(node, as: .yaml, at: "faults")
        } catch {
            throw DocumentError(path: error.path, line: error.line, reason: error.reason)
        }
        var rules: [Rule] = []
        for (index, entry) in entries.enumerated() {
            let own = entry.rule.name.isEmpty ? "\(index + 1)" : entry.rule.name
            let rule = entry.rule.named("\(scenario).\(own)")
            func error(_ reason: String) -> DocumentError {
                DocumentError(path: "faults[\(index)].name", line: entry.line, reason: reason)
            }
            guard rule.name.utf8.count <= longestRuleName else {
                throw error("\(rule.name) is longer than the \(longestRuleName) bytes that a rule's name may have")
            }
            guard !rules.contains(where: { $0.name == rule.name }) else { throw error("\(own) stands twice") }
            rules.append(rule)
        }
        return rules
    }
}

extension ScenarioSight {
    private static let keys = [
        "what", "send", "host", "trust", "body", "times", "patience", "status", "answer", "curl", "journal",
    ]

    /// Reads what is seen.
    fileprivate init(_ node: DocumentNode, at path: String) throws(DocumentError) {
        let fields = try ScenarioFields(node, at: path, keys: Self.keys)
        what = try fields.text("what")
        method = try fields.choice("send", Method.self) ?? .process
        host =
            try fields.value("host", "one of \(Self.hosts.joined(separator: ", "))") {
                Self.hosts.contains($0) ? $0 : nil
            } ?? Self.hosts[0]
        trust = try fields.choice("trust", Trust.self) ?? .lab
        guard let body = fields.node("body"), case .mapping = body.content else {
            throw fields.error(fields.has("body") ? "body" : nil, "'body' must be the request's object")
        }
        self.body = JSONValue(FaultValue(body))
        times = try fields.integer("times", in: 1...20) ?? 1
        patience = try fields.integer("patience", in: 1...60) ?? Self.usualPatience
        outcome = try Self.outcome(fields)
        journal = try Self.journal(fields)
    }

    private static func outcome(_ fields: ScenarioFields) throws(DocumentError) -> Outcome {
        let exit = try fields.integer("curl", in: 1...99)
        let status = try fields.integer("status", in: 200...599)
        let parts = try fields.list("answer")
            .map { (path, node) throws(DocumentError) in
                guard let text = node.text, !text.isEmpty else {
                    throw DocumentError(path: path, line: node.line, reason: "must be a text that the answer holds")
                }
                return text
            }
        guard let exit else { return .answer(status: status ?? 200, parts: parts) }
        guard status == nil, parts.isEmpty else {
            throw fields.error("curl", "where no answer comes there is neither 'status' nor 'answer'")
        }
        return .failure(exit: exit)
    }

    /// A filter's value as a file has it; null where the API prints null.
    private static func filterValue(_ node: DocumentNode, of key: String?) -> String {
        guard node.isNull else { return node.text ?? "" }
        switch key.flatMap({ JournalFilter.Key(rawValue: $0) }) {
        case .code: return "none"
        case .outcome: return "open"
        default: return ""
        }
    }

    private static func journal(_ fields: ScenarioFields) throws(DocumentError) -> [(key: String, value: String)] {
        guard let node = fields.node("journal") else { return [] }
        guard case .mapping(let members) = node.content else { throw fields.error("journal", "must be a mapping") }
        let pairs = members.map { (key: $0.key.text ?? "?", value: Self.filterValue($0.value, of: $0.key.text)) }
        do throws(JournalFilterError) {
            _ = try JournalFilter(pairs)
        } catch {
            throw fields.error("journal", "\(error.key): \(error.reason)")
        }
        return pairs
    }
}
