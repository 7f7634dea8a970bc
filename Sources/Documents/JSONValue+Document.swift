package import Notation

extension JSONValue {
    /// What stands at a place of a document: without quotes, what looks like a number is one.
    package init(_ node: DocumentNode) {
        switch node.content {
        case .list(let nodes): self = .array(nodes.map { JSONValue($0) })
        case .mapping(let members): self = .object(members.map { .init($0.key.text ?? "?", JSONValue($0.value)) })
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar(let text, isPlain: true):
            if node.isNull {
                self = .null
            } else if let flag = node.flag {
                self = .flag(flag)
            } else {
                self = CoreSchema.number(text).map { JSONValue($0) } ?? .string(text)
            }
        }
    }
}
