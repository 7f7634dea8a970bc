/// The labs of one server, by name.
package struct Labs: Sendable {
    private let byName: [String: Lab]

    /// Collects labs; of two with one name the later stays.
    package init(_ labs: [Lab]) {
        byName = Dictionary(labs.map { ($0.name, $0) }) { $1 }
    }

    /// The lab of this name.
    package subscript(name: String) -> Lab? { byName[name] }

    /// All of them.
    package var all: [Lab] { byName.values.sorted { $0.name < $1.name } }
}
