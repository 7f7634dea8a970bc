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
            switch text {
            case _ where node.isNull: self = .null
            case "true": self = .flag(true)
            case "false": self = .flag(false)
            default: self = Self.number(text).map { .number($0) } ?? .text(text)
            }
        }
    }

    /// A decimal number; Swift would read hexadecimal ones, `nan` and `inf` too.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text)
    }
}
