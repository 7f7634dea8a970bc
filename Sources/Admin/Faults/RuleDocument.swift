package import Faults
package import Registry

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

    /// Reads a rule or a list of them; the first that is wrong is thrown.
    package static func read(_ bytes: [UInt8], as format: DocumentFormat) throws(RuleDocumentError) -> [Entry] {
        let root = try node(bytes, as: format)
        guard case .list = root.content else { return [try entry(root, as: format)] }
        return try entries(root, as: format)
    }

    /// Reads one rule.
    static func readOne(_ bytes: [UInt8], as format: DocumentFormat) throws(RuleDocumentError) -> Rule {
        try entry(try node(bytes, as: format), as: format).rule
    }

    /// Reads a list of rules that stands at `place` of a larger document.
    package static func entries(
        _ node: DocumentNode,
        as format: DocumentFormat,
        at place: String = ""
    ) throws(RuleDocumentError) -> [Entry] {
        guard !node.isNull else { return [] }
        guard case .list(let nodes) = node.content else {
            throw RuleDocumentError(RuleDefect("", "it is no list of rules"), in: place, line: node.line)
        }
        var entries: [Entry] = []
        for (index, node) in nodes.enumerated() {
            entries.append(try entry(node, as: format, at: "\(place)[\(index)]"))
        }
        return entries
    }

    private static func node(_ bytes: [UInt8], as format: DocumentFormat) throws(RuleDocumentError) -> DocumentNode {
        do throws(DocumentError) {
            return try DocumentNode.read(bytes, as: format)
        } catch {
            throw RuleDocumentError(RuleDefect(error.path, error.reason), line: error.line)
        }
    }

    private static func entry(
        _ node: DocumentNode,
        as format: DocumentFormat,
        at place: String = ""
    ) throws(RuleDocumentError) -> Entry {
        let value = RuleNode(node, as: format).value
        do throws(RuleDefect) {
            return Entry(rule: try Rule(value), line: node.line)
        } catch {
            throw RuleDocumentError(
                error,
                in: place,
                line: node.line(of: error.path) ?? node.line,
                suggestions: RuleSuggestions.find(for: error, in: value)
            )
        }
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
