package import Documents
import Faults
import FoundationEssentials
import IO
import Journal
import Notation
import Registry

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
    /// Throws a ``DocumentError`` with everything that is wrong, keys that nothing is known by included.
    package init(_ bytes: [UInt8], named name: String) throws(DocumentError) {
        guard Self.isName(name) else {
            throw DocumentError(reason: "the file's name must be of a-z, 0-9 and -, 40 at most")
        }
        let root = try DocumentNode.read(bytes, as: .yaml)
        let defects = DocumentDefects()
        guard let file = DocumentFields(root, at: "", keys: Self.keys, noting: defects) else {
            throw DocumentError(line: root.line, reason: "must be a mapping, not \(root.echo)")
        }
        _ = file.value("name", "'\(name)', as the file's name is") { $0 == name ? () : nil }
        self.name = name
        title = file.text("title")
        symptom = file.text("symptom")
        published = file.text("published")
        sights = file.list("see").compactMap { ScenarioSight($1, at: $0, noting: defects) }
        if !file.has("see") { file.refuse(nil, "'see' is missing: what is seen while it runs") }
        registry = file.node("registry")
        draft = registry.flatMap { node in defects.collect { () throws(DocumentError) in try Self.draft(node) } }
        clock = file.fields("clock", keys: ["mode", "now"]).flatMap { Self.clock($0) }
        steps = file.list("steps").compactMap { ScenarioStep($1, at: $0, noting: defects) }
        rules = file.node("faults").map { Self.rules($0, of: name, noting: defects) } ?? []
        if !file.has("registry"), !file.has("faults") {
            file.refuse(nil, "a scenario has 'registry' or 'faults', or nothing would be different")
        }
        try defects.check()
    }

    /// Reads the rows, which must be whole by themselves, so that any lab can take them.
    private static func draft(_ node: DocumentNode) throws(DocumentError) -> DocumentDraft {
        do throws(DocumentError) {
            let draft = try DocumentDraft.read(node)
            _ = try draft.completed(Chance(seed: 1))
            return draft
        } catch {
            throw error.path.isEmpty && error.others.isEmpty
                ? DocumentError(path: "registry", line: error.line ?? node.line, reason: error.reason)
                : error.within("registry", at: node.line)
        }
    }

    private static func clock(_ fields: DocumentFields) -> Clock? {
        let clock = Clock(
            mode: fields.choice("mode", LabClock.Mode.self),
            now: fields.value("now", "a time such as 2027-11-21T08:00:00Z, from 1970 to 9998") {
                RFC3339.seconds($0).flatMap { LabClock.range.contains($0) ? $0 : nil }
            }
        )
        if !fields.has("mode"), !fields.has("now") { fields.refuse(nil, "give mode or now") }
        return clock
    }

    private static func rules(
        _ node: DocumentNode,
        of scenario: String,
        noting defects: DocumentDefects
    ) -> [Rule] {
        let entries = defects.collect { () throws(DocumentError) in
            try RuleDocument.entries(node, as: .yaml, at: "faults")
        }
        var rules: [Rule] = []
        for (index, entry) in (entries ?? []).enumerated() {
            let own = entry.rule.name.isEmpty ? "\(index + 1)" : entry.rule.name
            let rule = entry.rule.named("\(scenario).\(own)")
            func refuse(_ reason: String) {
                defects.note(DocumentError(path: "faults[\(index)].name", line: entry.line, reason: reason))
            }
            if rule.name.utf8.count > longestRuleName {
                refuse("\(rule.name) is longer than the \(longestRuleName) bytes that a rule's name may have")
            }
            if rules.contains(where: { $0.name == rule.name }) { refuse("\(own) stands twice") }
            rules.append(rule)
        }
        return rules
    }
}

extension ScenarioSight {
    private static let keys = [
        "what", "send", "host", "trust", "body", "times", "patience", "status", "answer", "curl", "journal",
    ]

    /// Reads what is seen; notes what is wrong, and is nil where there is nothing to read.
    fileprivate init?(_ node: DocumentNode, at path: String, noting defects: DocumentDefects) {
        guard let fields = DocumentFields(node, at: path, keys: Self.keys, noting: defects) else { return nil }
        what = fields.text("what")
        method = fields.choice("send", Method.self) ?? .process
        let host = fields.value("host", "one of \(Self.hosts.joined(separator: ", "))") {
            Self.hosts.contains($0) ? $0 : nil
        }
        self.host = host ?? Self.hosts[0]
        trust = fields.choice("trust", Trust.self) ?? .lab
        times = fields.integer("times", in: 1...20) ?? 1
        patience = fields.integer("patience", in: 1...60) ?? Self.usualPatience
        outcome = Self.outcome(fields)
        journal = Self.journal(fields)
        let body = fields.node("body")
        self.body = body.map { JSONValue($0) } ?? .null
        guard case .mapping = body?.content else {
            fields.refuse(body == nil ? nil : "body", "'body' must be the request's object")
            return
        }
    }

    private static func outcome(_ fields: DocumentFields) -> Outcome {
        let exit = fields.integer("curl", in: 1...99)
        let status = fields.integer("status", in: 200...599)
        var parts: [String] = []
        for (path, node) in fields.list("answer") {
            if let text = node.text, !text.isEmpty {
                parts.append(text)
            } else {
                fields.refuse(at: path, line: node.line, "must be a text that the answer holds, not \(node.echo)")
            }
        }
        guard let exit else { return .answer(status: status ?? 200, parts: parts) }
        if fields.has("status") || fields.has("answer") {
            fields.refuse("curl", "where no answer comes there is neither 'status' nor 'answer'")
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

    private static func journal(_ fields: DocumentFields) -> [(key: String, value: String)] {
        guard let node = fields.node("journal") else { return [] }
        guard case .mapping(let members) = node.content else {
            fields.refuse("journal", "must be a mapping, not \(node.echo)")
            return []
        }
        let pairs = members.map { (key: $0.key.text ?? "?", value: Self.filterValue($0.value, of: $0.key.text)) }
        do throws(JournalFilterError) {
            if let doubt = try JournalFilter(pairs).doubts.first { throw doubt }
        } catch {
            fields.refuse("journal", "\(error.key): \(error.explanation)")
        }
        return pairs
    }
}

/// The folder of scenarios: one YAML file each.
package enum ScenarioFolder {
    /// Reads every `.yaml` file of a folder, by name.
    ///
    /// Throws a ``ScenarioFolderError`` for the first that can't be read or is wrong.
    package static func read(_ folder: String) throws(ScenarioFolderError) -> [Scenario] {
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ScenarioFolderError(file: folder, line: nil, reason: "the folder can't be read")
        }
        var scenarios: [Scenario] = []
        for file in files.filter({ $0.hasSuffix(".yaml") }).sorted() {
            let path = "\(folder)/\(file)"
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try File.read(path, limit: Scenario.sizeLimit)
            } catch {
                throw ScenarioFolderError(file: path, line: nil, reason: "\(error)")
            }
            scenarios += try read([(path, bytes)])
        }
        return scenarios
    }

    /// Reads documents that are no files of a folder, by their paths.
    ///
    /// Throws a ``ScenarioFolderError`` for the first that is wrong.
    package static func read(_ documents: [(path: String, bytes: [UInt8])]) throws(ScenarioFolderError) -> [Scenario] {
        var scenarios: [Scenario] = []
        for (path, bytes) in documents {
            let file = path.split(separator: "/").last ?? ""
            do throws(DocumentError) {
                scenarios.append(try Scenario(bytes, named: String(file.dropLast(".yaml".count))))
            } catch {
                throw ScenarioFolderError(file: path, line: error.line, reason: error.reasons.joined(separator: "\n"))
            }
        }
        return scenarios
    }
}

/// Why a folder of scenarios was refused.
package struct ScenarioFolderError: Error, Sendable, Equatable {
    /// The file, or the folder itself.
    package let file: String
    /// The line, counted from 1, where that is known.
    package let line: Int?
    /// What is wrong, with its path in the file.
    package let reason: String
}
