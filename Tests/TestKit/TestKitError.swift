/// Something that a test stands on did not work, in words for whoever reads the failed test.
package struct TestKitError: Error, CustomStringConvertible {
    /// What did not work.
    package let description: String

    /// An error with this text.
    package init(_ description: String) {
        self.description = description
    }
}
