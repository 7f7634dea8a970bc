/// What an answer says before its body.
package struct ResponseHead: Equatable, Sendable {
    /// How the answer speaks of the connection (RFC 9112 section 9.3).
    package enum Persistence: Equatable, Sendable {
        /// It stays open, which HTTP/1.1 need not say.
        case implied
        /// It stays open, said aloud for a client of HTTP/1.0.
        case keepAlive
        /// It closes after this answer.
        case close

        /// What to say to a client whose request was of `version`; `keepAlive` where another one will be read.
        package init(keepAlive: Bool, version: Version) {
            self =
                switch (keepAlive, version) {
                case (false, _): .close
                case (true, .http10): .keepAlive
                case (true, .http11): .implied
                }
        }
    }

    /// The final status; interim ones have ``ResponseWriter/continueInterim``.
    package var status: Status
    /// The `Content-Type`, or nil to leave it out.
    package var contentType: FieldValue?
    /// What `Connection` says.
    package var persistence: Persistence
    /// Whether the request was HEAD: the head is written as if for the body, and the body left out.
    package var isForHead: Bool
    /// Further fields, written in this order.
    package var fields: [ResponseField]

    /// Makes a head; by default it keeps the connection open and has no further fields.
    package init(
        status: Status,
        contentType: FieldValue? = .json,
        persistence: Persistence = .implied,
        isForHead: Bool = false,
        fields: [ResponseField] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.persistence = persistence
        self.isForHead = isForHead
        self.fields = fields
    }
}

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
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else { throw .badName }
        guard !Self.reserved.contains(name.lowercased()) else { throw .reservedName }
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
        guard isClean, bytes.first?.isBlank != true, bytes.last?.isBlank != true else { throw .badValue }
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
