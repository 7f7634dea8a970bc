package import Documents

/// A registry's document, piece by piece: all pieces together are one state, and byte for byte what the document itself
/// would be written as.
///
/// For one thread or loop. It holds a connection and a read transaction until the last piece or its own end, and the
/// writer's log can't start over meanwhile; an export that nobody goes on with should be dropped.
package final class RegistryExport {
    private let rows: RowStream
    private var writer: DocumentWriter
    private var isFinished = false

    /// How many entries a piece has at most; one of tokens is then about 100 KiB.
    private static let pieceLength = 400

    /// Begins at the state that is there now.
    init(_ connection: Connection, as format: DocumentFormat, now: Int64) throws(StoreError) {
        rows = try RowStream(connection)
        writer = DocumentWriter(format, now: now)
    }

    /// Appends the next piece to `bytes`.
    ///
    /// - Returns: Whether there was one; false once the document has ended.
    /// - Throws: `StoreError` where the file can't be read.
    package func next(into bytes: inout [UInt8]) throws(StoreError) -> Bool {
        guard !isFinished else { return false }
        for _ in 0..<Self.pieceLength {
            switch try rows.next() {
            case .device(let device): writer.append(device, to: &bytes)
            case .license(let license): writer.append(license, to: &bytes)
            case .token(let token): writer.append(token, to: &bytes)
            case nil:
                writer.finish(to: &bytes)
                isFinished = true
                return true
            }
        }
        return true
    }
}

extension RegistryStore {
    /// The registry's document as it stands, to be taken piece by piece.
    ///
    /// - Parameters:
    ///   - format: How it is written.
    ///   - now: Seconds since 1970 by the lab's clock, from which each token's state follows.
    /// - Returns: The export, for the caller to put on its loop.
    /// - Throws: `StoreError` where the file can't be read.
    package func makeExport(as format: DocumentFormat, now: Int64) throws(StoreError) -> sending RegistryExport {
        try RegistryExport(Connection(path: path, .read), as: format, now: now)
    }

    /// A reader for one thread or loop, with a connection of its own, for looking around in the registry.
    ///
    /// - Throws: `StoreError` where the file can't be read.
    package func makeBrowser() throws(StoreError) -> sending RegistryBrowser {
        try RegistryBrowser(Connection(path: path, .read))
    }
}
