/// An answer's head as a client has read it.
///
/// Unlike ``Request`` it keeps what it read: a client's buffer moves on while the content is still coming.
package struct Response: Equatable, Sendable {
    /// One field line.
    package struct Field: Equatable, Sendable {
        /// The name in lower case.
        package let name: String
        /// The value without the blanks around it; octets that are no UTF-8 are replaced.
        package let value: String
    }

    /// The version of the status line.
    package let version: Version
    /// The final status.
    package let status: Status
    /// The fields in the order in which they came.
    package let fields: [Field]

    /// The first field of a name, which is given in lower case.
    package func value(of lowercaseName: String) -> String? {
        fields.first { $0.name == lowercaseName }?.value
    }
}
