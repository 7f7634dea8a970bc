/// Every row of a registry, one after the other, of one state and in the order that documents are written in.
///
/// For one thread or loop.
package protocol RegistryRows: AnyObject {
    /// The next row; nil after the last.
    func next() throws(StoreError) -> RegistryRow?
}

/// One row of a registry.
package enum RegistryRow: Sendable {
    /// A unit.
    case device(Device)
    /// A license, with its cluster.
    case license(License)
    /// A token.
    case token(Token)
}
