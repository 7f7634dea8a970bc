/// Who waits, in a line for each kind: the kinds have their turn one after another, so that a crowd of one kind keeps nobody of
/// another one waiting for longer than its own next.
package struct FairLine<Kind: Hashable & Sendable, Element: Sendable>: Sendable {
    private var lines: [Kind: [Element]] = [:]
    /// The kinds that somebody waits of, the next first.
    private var order: [Kind] = []
    /// How many wait.
    package private(set) var count = 0

    /// Nobody waits.
    package init() {}

    /// Lets one wait behind the others of its kind.
    package mutating func append(_ element: Element, of kind: Kind) {
        count += 1
        if lines[kind]?.append(element) == nil {
            lines[kind] = [element]
            order.append(kind)
        }
    }

    /// Takes the one whose turn it is.
    package mutating func popFirst() -> Element? {
        guard let kind = order.first, let element = lines[kind]?.removeFirst() else { return nil }
        count -= 1
        order.removeFirst()
        if lines[kind]?.isEmpty == true { lines[kind] = nil } else { order.append(kind) }
        return element
    }

    /// Takes one that waits no longer, wherever in the line of its kind it is; nil where none is the one.
    package mutating func remove(of kind: Kind, where isOne: (Element) -> Bool) -> Element? {
        guard let index = lines[kind]?.firstIndex(where: isOne), let element = lines[kind]?.remove(at: index) else {
            return nil
        }
        count -= 1
        if lines[kind]?.isEmpty == true {
            lines[kind] = nil
            order.removeAll { $0 == kind }
        }
        return element
    }
}
