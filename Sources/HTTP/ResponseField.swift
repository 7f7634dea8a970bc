/// One more field of an answer, besides those the writer makes.
package struct ResponseField: Equatable, Sendable {
    /// `name: value` and CRLF.
    let line: [UInt8]

    /// What the writer makes itself; a second one of these would contradict the first.
    private static let reserved: Set = [
        "connection", "content-length", "content-type", "date", "server", "transfer-encoding",
    ]

    /// Takes a name and a value from data.
    ///
    /// - Throws: ``FieldError`` for a name that is no token or belongs to the writer, or a value that would end its
    ///   line.
    package init(name: String, value: String) throws(FieldError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
            throw .badName
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            throw .reservedName
        }
        let value = try FieldValue(validating: value)
        line = Array(name.utf8) + ": ".utf8 + value.bytes + "\r\n".utf8
    }

    /// Takes literals; wrong ones are a mistake in the program and trap.
    package init(_ name: StaticString, _ value: StaticString) {
        do throws(FieldError) {
            try self.init(name: name.description, value: value.description)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }
}
