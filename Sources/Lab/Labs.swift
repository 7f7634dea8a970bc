import IO

/// The labs of one server, by name; they come and go while it runs.
///
/// Any thread may ask. What a name meant when it was looked up stays good for the exchange that looked it up.
package final class Labs: Sendable {
    private let byName: Monitor<[String: Lab]>

    /// Collects labs; of two with one name the later stays.
    package init(_ labs: [Lab] = []) {
        byName = Monitor(Dictionary(labs.map { ($0.name, $0) }) { $1 })
    }

    /// The lab of this name.
    package subscript(name: String) -> Lab? { byName.withLock { $0[name] } }

    /// All of them, by name.
    package var all: [Lab] { byName.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// Adds a lab; false where the name is taken.
    package func add(_ lab: Lab) -> Bool {
        byName.withLock { labs in
            guard labs[lab.name] == nil else { return false }
            labs[lab.name] = lab
            return true
        }
    }

    /// Takes a lab out, so that no new exchange finds it; nil where there is none.
    package func remove(_ name: String) -> Lab? {
        byName.withLock { $0.removeValue(forKey: name) }
    }
}
