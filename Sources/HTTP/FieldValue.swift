/// The value of an answer's field, which can't hold anything that would end its line.
///
/// Values may come from an operator's rules, so a wrong one is an error to report where it is made, not a trap where
/// it is written; and what was made once needs no check on the way of an answer.
package struct FieldValue: Equatable, Sendable {
    /// The octets of the value.
    package let bytes: [UInt8]

    /// Takes visible ASCII, blanks inside it and UTF-8 beyond ASCII (RFC 9110 section 5.5); empty is allowed.
    ///
    /// - Throws: ``FieldError/badValue`` for control octets, CR and LF above all, and for blanks at either end.
    package init(validating text: String) throws(FieldError) {
        let bytes = [UInt8](text.utf8)
        let isClean = bytes.allSatisfy { ($0 >= .space && $0 != .delete) || $0 == .horizontalTab }
        guard isClean, bytes.first?.isBlank != true, bytes.last?.isBlank != true else {
            throw .badValue
        }
        self.bytes = bytes
    }

    /// Takes a literal; a wrong one is a mistake in the program and traps.
    package init(_ literal: StaticString) {
        do throws(FieldError) {
            try self.init(validating: literal.description)
        } catch {
            preconditionFailure("\(literal) is not a field value")
        }
    }

    /// `application/json; charset=utf-8`.
    package static let json = FieldValue("application/json; charset=utf-8")
    /// `text/html; charset=utf-8`.
    package static let html = FieldValue("text/html; charset=utf-8")
    /// `text/plain; charset=utf-8`.
    package static let plainText = FieldValue("text/plain; charset=utf-8")
}

/// Why a field of an answer can't be made.
package enum FieldError: Error, Equatable, Sendable {
    /// The name is not a token (RFC 9110 section 5.1).
    case badName
    /// The value holds a control octet, or blanks at either end.
    case badValue
    /// The name belongs to a field that the writer makes itself.
    case reservedName
}

extension FieldError: CustomStringConvertible {
    /// What is wrong, for an operator; the offending text is left out, since it can't be shown in one line.
    package var description: String {
        switch self {
        case .badName: "a header field's name must be a token: letters, digits and a few marks, no blanks"
        case .badValue: "a header field's value must not hold line ends or control characters, nor blanks around it"
        case .reservedName: "this header field is written by the server itself"
        }
    }
}
