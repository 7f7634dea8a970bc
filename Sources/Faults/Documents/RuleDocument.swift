package import Documents
package import Notation

/// Fault rules as people write them: a rule, or a list of rules, in JSON, in YAML, or as part of a larger document.
package enum RuleDocument {
    /// A rule, and where it stands.
    package struct Entry: Sendable {
        /// The rule.
        package let rule: Rule
        /// Its line in the document, counted from 1, where that is known.
        package let line: Int?
    }

    /// How large a document of rules may be, in bytes.
    package static let sizeLimit = 256 * 1024

    /// Reads a rule, a list of them, or a page as the API and the commands list them; throws everything that is wrong
    /// with them.
    package static func read(_ bytes: [UInt8], as format: DocumentFormat) throws(DocumentError) -> [Entry] {
        let root = try DocumentNode.read(bytes, as: format)
        if let items = try page(root) { return try entries(items, as: format, at: "items") }
        guard case .list = root.content else { return [try entry(root, as: format)] }
        return try entries(root, as: format)
    }

    /// The rules of a page, which no rule is like; nil where it is none.
    private static func page(_ node: DocumentNode) throws(DocumentError) -> DocumentNode? {
        guard case .mapping(let members) = node.content, let items = node["items"] else { return nil }
        let keys = ["items", "next"]
        for (key, _) in members where !keys.contains(key.text ?? "") {
            throw DocumentError(line: key.line, reason: DocumentFields.unknown(key.text, keys))
        }
        return items
    }

    /// Reads one rule; the reading ends once `isWanted` says no.
    package static func readOne(
        _ bytes: [UInt8],
        as format: DocumentFormat,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(DocumentError) -> Rule {
        try entry(try DocumentNode.read(bytes, as: format, while: isWanted), as: format).rule
    }

    /// Reads a list of rules that stands at `place` of a larger document.
    package static func entries(
        _ node: DocumentNode,
        as format: DocumentFormat,
        at place: String = ""
    ) throws(DocumentError) -> [Entry] {
        guard !node.isNull else { return [] }
        guard case .list(let nodes) = node.content else {
            throw DocumentError(path: place, line: node.line, reason: "it is no list of rules, but \(node.echo)")
        }
        var entries: [Entry] = []
        let defects = DocumentDefects()
        for (index, node) in nodes.enumerated() {
            do throws(DocumentError) {
                entries.append(try entry(node, as: format, at: "\(place)[\(index)]"))
            } catch {
                defects.note(error)
            }
        }
        try defects.check()
        return entries
    }

    private static func entry(
        _ node: DocumentNode,
        as format: DocumentFormat,
        at place: String = ""
    ) throws(DocumentError) -> Entry {
        let value = RuleNode(node: node, format: format).value
        do throws(RuleDefect) {
            return Entry(rule: try Rule(value), line: node.line)
        } catch let first {
            let defects = DocumentDefects()
            for defect in Rule.defects(of: value) {
                var refusal = DocumentError(defect, line: node.line(of: defect.path) ?? node.line)
                refusal.suggestions = RuleSuggestions.find(for: defect, in: value)
                defects.note(place.isEmpty ? refusal : refusal.within(place))
            }
            throw defects.error ?? DocumentError(first, line: node.line)
        }
    }
}

extension DocumentError {
    /// A rule that can't work.
    package init(_ defect: RuleDefect, line: Int? = nil) {
        self.init(path: defect.path, line: line, reason: defect.reason)
        isContradiction = defect.isConflict
    }
}

extension DocumentNode {
    /// The line of the value that a path of names, such as `with.profile`, leads to, or of as much as is there.
    fileprivate func line(of path: String) -> Int? {
        guard !path.isEmpty, case .mapping(let members) = content else { return line }
        for (key, value) in members {
            guard let name = key.text, path == name || path.hasPrefix(name + ".") else { continue }
            guard case .mapping = value.content else { return key.line }
            return path == name ? key.line : value.line(of: String(path.dropFirst(name.count + 1)))
        }
        return line
    }
}

/// What may have been meant by a name in a rule that nothing has.
package enum RuleSuggestions {
    /// Up to three names, the nearest first: effects, parameters of the rule's effect, or keys of `when`.
    package static func find(for defect: RuleDefect, in rule: JSONValue) -> [String] {
        guard case .object(let members) = rule else { return [] }
        let steps = defect.path.split(separator: ".", maxSplits: 1).map(String.init)
        let effect = members.first { $0.name == "do" }
            .flatMap(\.value.string)
        switch (steps.first, steps.dropFirst().first) {
        case ("do", nil):
            guard let effect, Catalogue.effect(effect) == nil else { return [] }
            return NearNames.find(effect, among: Catalogue.effects.map(\.name))
        case ("with", let name?):
            let known = effect.flatMap { Catalogue.effect($0)?.parameters.map(\.name) } ?? []
            return known.contains(name) ? [] : NearNames.find(name, among: known)
        case ("when", let name?):
            return RuleKey(rawValue: name) == nil ? NearNames.find(name, among: RuleKey.allCases.map(\.rawValue)) : []
        default: return []
        }
    }
}

/// A rule as a document holds it, on its way to the values that rules are made of.
///
/// YAML has no quotes around most texts, so `min: 1.2` may be a text as well as a number. Where the rule language wants
/// a text, what looks like a number is one. JSON says what it means, and is taken at its word.
struct RuleNode {
    let node: DocumentNode
    let format: DocumentFormat

    /// The rule's value, in the document's order.
    var value: JSONValue {
        guard case .mapping(let members) = node.content else { return JSONValue(node) }
        let effect = node["do"]?.text
        let parameters = effect.flatMap { Catalogue.effect($0)?.parameters } ?? []
        return .object(
            members.map { member in
                let name = member.key.text ?? "?"
                switch name {
                case "when": return .init(name, map(member.value) { _ in true })
                case "with":
                    let value = map(member.value) { name in parameters.contains { $0.name == name && $0.kind.isText } }
                    return .init(name, value)
                default: return .init(name, JSONValue(member.value))
                }
            }
        )
    }

    /// The members of a mapping, each as a text where `wantsText` says so.
    private func map(_ node: DocumentNode, wantsText: (String) -> Bool) -> JSONValue {
        guard case .mapping(let members) = node.content else { return JSONValue(node) }
        return .object(
            members.map { member in
                let name = member.key.text ?? "?"
                let value = JSONValue(member.value)
                // A serial of digits alone is the number that they make, whether or not it was written with a fraction.
                if format == .yaml, name == "serial", let whole = value.double.flatMap({ Int(exactly: $0) }) {
                    return .init(name, .string("\(whole)"))
                }
                return .init(name, wantsText(name) ? worded(value, member.value) : value)
            }
        )
    }

    /// The value with the words of the document in the place of numbers.
    private func worded(_ value: JSONValue, _ node: DocumentNode) -> JSONValue {
        guard format == .yaml else { return value }
        switch (value, node.content) {
        case (.integer, .scalar(let text, _)), (.number, .scalar(let text, _)): return .string(text)
        case (.array(let values), .list(let nodes)): return .array(zip(values, nodes).map { worded($0, $1) })
        case (.object(let members), .mapping(let nodes)):
            return .object(zip(members, nodes).map { .init($0.name, worded($0.value, $1.value)) })
        default: return value
        }
    }
}
