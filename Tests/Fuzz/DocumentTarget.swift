/// The readers of documents: whatever is sent as YAML or JSON is read or refused, within its bounds and the same each
/// time.
func examine(_ input: FuzzInput) {
    for format in DocumentFormat.allCases {
        let first = reading(input.bytes, as: format)
        require(first == reading(input.bytes, as: format), "\(format): two readings differ")
        let marked = reading([0xEF, 0xBB, 0xBF] + input.bytes, as: format)
        if !input.bytes.starts(with: [0xEF, 0xBB, 0xBF]), case .success(let shape) = first {
            require(marked == .success(shape), "\(format): a byte order mark changes what is read")
        }
    }
}

private enum Outcome: Equatable {
    case success(String)
    case failure(String)
}

private func reading(_ bytes: [UInt8], as format: DocumentFormat) -> Outcome {
    do throws(DocumentError) {
        let node = try DocumentNode.read(bytes, as: format)
        check(node, depth: 0)
        return .success(shape(of: node))
    } catch {
        require(!error.reason.isEmpty, "a refusal without a reason")
        require(error.others.isEmpty, "one parser, one refusal")
        require(!error.description.utf8.contains(0x0A), "a refusal of more than one line")
        return .failure(error.description)
    }
}

private func check(_ node: DocumentNode, depth: Int) {
    require(depth <= DocumentBounds.depth, "values nest \(depth) deep")
    require((node.line ?? 0) > 0, "a value without a line")
    switch node.content {
    case .scalar(let text, _): require(text.utf8.allSatisfy { $0 != 0xFF }, "a text that is no UTF-8")
    case .list(let nodes): for node in nodes { check(node, depth: depth + 1) }
    case .mapping(let members):
        require(Set(members.map { $0.key.text }).count == members.count, "a key stands twice")
        for member in members {
            require(member.key.text != nil && !member.key.isNull, "a key that is no text")
            check(member.value, depth: depth + 1)
        }
    }
}

private func shape(of node: DocumentNode) -> String {
    switch node.content {
    case .scalar(let text, let isPlain): "\(isPlain) \(text)"
    case .list(let nodes): "[\(nodes.map(shape).joined(separator: ","))]"
    case .mapping(let members):
        "{\(members.map { "\($0.key.text ?? ""):\(shape(of: $0.value))" }.joined(separator: ","))}"
    }
}
