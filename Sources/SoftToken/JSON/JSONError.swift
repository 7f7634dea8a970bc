/// Why a document was refused, and where.
///
/// It never carries a byte of the document, which may hold seeds and codes.
package struct JSONError: Error, Hashable, Sendable {
    /// The rule that was broken.
    package let kind: Kind
    /// The byte, counted from 0, at which the document stopped being readable.
    package let offset: Int

    /// The rules of RFC 8259, and the bounds and shapes that this service sets on top of them.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The document ends inside a value.
        case truncated = "the document ends too early"
        /// A byte stands where the grammar allows none like it.
        case unexpectedByte = "unexpected byte"
        /// Something other than white space follows the document.
        case trailingBytes = "bytes follow the document"
        /// Objects and arrays stand more than ``JSONReader/maximumDepth`` deep in one another.
        case tooDeep = "nested too deeply"
        /// The document is larger than the caller reads.
        case tooLarge = "the document is too large"
        /// An object names the same member twice.
        case duplicateKey = "duplicate key in an object"
        /// A number is not written as RFC 8259 section 6 has it.
        case invalidNumber = "malformed number"
        /// A string holds a control character that is not escaped.
        case controlCharacter = "unescaped control character in a string"
        /// A backslash begins none of the escapes of RFC 8259 section 7.
        case invalidEscape = "malformed escape in a string"
        /// An escaped surrogate lacks its other half.
        case loneSurrogate = "escaped surrogate without its other half"
        /// A string is not well-formed UTF-8 (RFC 3629: overlong, surrogate, beyond U+10FFFF or cut short).
        case invalidUTF8 = "malformed UTF-8 in a string"
        /// The document is JSON, but no object.
        case notAnObject = "the document is not an object"
        /// The document is an object without a member `d`, or its `d` is no object.
        case noEnvelope = "there is no object d"
    }

    /// Joins the two.
    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// The rule and the place, such as `duplicate key in an object at byte 17`.
    package var description: String { "\(kind.rawValue) at byte \(offset)" }
}
