import Documents
import Faults
import Registry

extension FaultValue {
    /// A value of a document as it stands there: without quotes, what looks like a number is one.
    init(_ node: DocumentNode) {
        switch node.content {
        case .list(let nodes): self = .list(nodes.map { FaultValue($0) })
        case .mapping(let members): self = .map(members.map { .init($0.key.text ?? "?", FaultValue($0.value)) })
        case .scalar(let text, isPlain: false): self = .text(text)
        case .scalar(let text, isPlain: true):
            if node.isNull {
                self = .null
            } else if let flag = node.flag {
                self = .flag(flag)
            } else {
                self = CoreSchema.number(text).map { .number($0) } ?? .text(text)
            }
        }
    }
}
