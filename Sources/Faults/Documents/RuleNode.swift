import Documents
import Notation

/// A rule as a document holds it, on its way to the values that rules are made of.
///
/// YAML has no quotes around most texts, so `min: 1.2` may be a text as well as a number. Where the rule language wants
/// a text, what looks like a number is one. JSON says what it means, and is taken at its word.
struct RuleNode {
    private let node: DocumentNode
    private let format: DocumentFormat

    init(_ node: DocumentNode, as format: DocumentFormat) {
        self.node = node
        self.format = format
    }

    /// The rule's value, in the document's order.
    var value: JSONValue {
        guard case .mapping(let members) = node.content else { return plain(node) }
        let effect = node["do"]?.text
        let parameters = effect.flatMap { Catalogue.effect($0)?.entry.parameters } ?? []
        return .object(
            members.map { member in
                let name = member.key.text ?? "?"
                switch name {
                case "when": return .init(name, map(member.value) { _ in true })
                case "with":
                    return .init(
                        name,
                        map(member.value) { name in
                            parameters.first { $0.name == name }.map { Self.wantsText($0.kind) } ?? false
                        }
                    )
                default: return .init(name, plain(member.value))
                }
            }
        )
    }

    private static func wantsText(_ kind: Parameter.Kind) -> Bool {
        switch kind {
        case .text, .choice, .names, .texts: true
        case .duration, .integer, .number: false
        }
    }

    /// The members of a mapping, each as a text where `wantsText` says so.
    private func map(_ node: DocumentNode, wantsText: (String) -> Bool) -> JSONValue {
        guard case .mapping(let members) = node.content else { return plain(node) }
        return .object(
            members.map { member in
                let name = member.key.text ?? "?"
                let value = plain(member.value)
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

    private func plain(_ node: DocumentNode) -> JSONValue { JSONValue(node) }
}
