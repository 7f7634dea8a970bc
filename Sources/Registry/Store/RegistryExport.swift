package import Documents

/// A registry's document, piece by piece: all pieces together are one state.
///
/// For one thread or loop. It holds one state of the registry until the last piece or its own end, which costs a store
/// room; an export that nobody goes on with should be dropped.
package final class RegistryExport {
    private let rows: any RegistryRows
    private var writer: DocumentWriter
    private var isFinished = false

    /// How many entries a piece has at most; one of tokens is then about 100 KiB.
    private static let pieceLength = 400

    /// Writes these rows, each token's state being the one at `now`.
    package init(_ rows: any RegistryRows, as format: DocumentFormat, now: Int64) {
        self.rows = rows
        writer = DocumentWriter(format, now: now)
    }

    /// Appends the next piece to `bytes`; false once the document has ended.
    package func next(into bytes: inout [UInt8]) throws(StoreError) -> Bool {
        guard !isFinished else { return false }
        for _ in 0..<Self.pieceLength {
            guard let row = try rows.next() else {
                writer.finish(to: &bytes)
                isFinished = true
                return true
            }
            writer.append(row, to: &bytes)
        }
        return true
    }
}

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
