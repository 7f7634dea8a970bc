/// The code and the text with which each refusal goes out (docs/protocol.md section 6).
///
/// What was published for the very place where it stands here is fixed. The rest, a guess in its number, its text or
/// its place, a lab may correct once somebody has seen the real one.
package struct ErrorTable: Sendable, Equatable {
    /// How one refusal is written.
    package struct Entry: Sendable, Hashable {
        /// `error_code`.
        package let code: Int
        /// `error_message`.
        package let text: String
        /// Whether code and text are both published.
        package let isVerified: Bool
    }

    /// What a lab puts in the place of a guess; nil keeps that half.
    package struct Override: Sendable, Hashable {
        /// `error_code`.
        package var code: Int?
        /// `error_message`.
        package var text: String?

        /// Joins the two.
        package init(code: Int? = nil, text: String? = nil) {
            self.code = code
            self.text = text
        }
    }

    /// The codes that an override may choose.
    package static let codes = 1...9_999
    /// The most bytes that an override's text may have.
    package static let textLimit = 256
    /// The text for a peer that is not registered, a plain string where other errors are objects; published.
    package static let unregisteredPeer = "Product is not registered"

    /// What a lab has put in the place of guesses.
    private var overridden: [ServiceError: Entry] = [:]

    /// The table as it is without overrides.
    package init() {}

    /// The table with some guesses replaced.
    ///
    /// Refused: an override of a fixed entry, a code out of ``codes``, a text that is empty or too long, and two
    /// reasons that end up with one code.
    package init(overrides: [ServiceError: Override]) throws(ErrorTableError) {
        for (reason, override) in overrides {
            let standard = Self.standard(reason)
            guard !reason.isFixed else { throw .published(reason) }
            let code = override.code ?? standard.code
            let text = override.text ?? standard.text
            guard Self.codes.contains(code) else { throw .codeOutOfRange(reason, code) }
            guard !text.isEmpty, text.utf8.count <= Self.textLimit else { throw .textLength(reason) }
            overridden[reason] = Entry(code: code, text: text, isVerified: false)
        }
        var reasons: [Int: ServiceError] = [:]
        for reason in ServiceError.allCases {
            let code = self[reason].code
            if let other = reasons.updateValue(reason, forKey: code) { throw .conflict(other, reason, code) }
        }
    }

    /// The entry of `reason`.
    package subscript(reason: ServiceError) -> Entry { overridden[reason] ?? Self.standard(reason) }

    /// The text that goes with a code; nil where no reason has it.
    package func text(ofCode code: Int) -> String? {
        ServiceError.allCases.lazy.map { self[$0] }.first { $0.code == code }?.text
    }

    private static func standard(_ reason: ServiceError) -> Entry {
        switch reason {
        case .licenseExpired: Entry(code: 14, text: "forticare license expired", isVerified: true)
        case .noValidToken: Entry(code: 17, text: "no valid token found", isVerified: true)
        case .tokenOfOtherProduct: Entry(code: 31, text: "token does not belong to product", isVerified: true)
        case .activationCodeInvalid: Entry(code: 40, text: "FTM token Activation Code is invalid", isVerified: true)
        case .licenseNotFound: licenseNotFound
        case .productNotRegistered: productNotRegistered
        case .unknownType: emulated(1, "unknown request type")
        case .certificateMismatch: emulated(2, "serial number does not match the client certificate")
        case .licenseOfOtherProduct: emulated(3, "license is registered to another product")
        case .fieldInvalid: emulated(4, "request field is missing or invalid")
        case .tokenLocked: emulated(5, "token is locked")
        }
    }

    /// A redemption code that nobody issued.
    ///
    /// [our choice: license-not-found-code] The text is published, the number 16 is not: an appliance's -7566 was
    /// explained as wrong activation information.
    private static let licenseNotFound = Entry(code: 16, text: "forticare license card not found", isVerified: false)

    /// A unit that is not registered, as a top error.
    ///
    /// [our choice: product-not-registered-code] Code and text are published, in an authenticator's log of a provision
    /// with such a peer; that a requesting unit gets them at the top of its answer is inferred, so a lab may still turn
    /// them.
    private static let productNotRegistered = Entry(code: 21, text: unregisteredPeer, isVerified: true)

    /// What this stand-in alone refuses.
    ///
    /// [our choice: emulator-codes] Numbers from 900 are ours, so that nobody takes them for the vendor's; 903 stands
    /// for a license of other units, since 31 is published for tokens only.
    private static func emulated(_ number: Int, _ text: String) -> Entry {
        Entry(code: 900 + number, text: text, isVerified: false)
    }
}

/// Why a set of overrides is no error table.
package enum ErrorTableError: Error, Hashable, Sendable {
    /// Code and text of this reason are published and stay.
    case published(ServiceError)
    /// The code is out of ``ErrorTable/codes``.
    case codeOutOfRange(ServiceError, Int)
    /// The text is empty or longer than ``ErrorTable/textLimit``.
    case textLength(ServiceError)
    /// Both reasons would go out with this code.
    case conflict(ServiceError, ServiceError, Int)
}

extension ErrorTableError: CustomStringConvertible {
    /// What is wrong and with which reason, for the operator.
    package var description: String {
        switch self {
        case .published(let reason):
            "error table: \(reason) is published and can't be overridden"
        case .codeOutOfRange(let reason, let code):
            "error table: code \(code) of \(reason) is not in \(ErrorTable.codes)"
        case .textLength(let reason):
            "error table: the text of \(reason) must have 1 to \(ErrorTable.textLimit) bytes"
        case .conflict(let first, let second, let code):
            "error table: \(first) and \(second) both have code \(code)"
        }
    }
}

/// Every reason for which the service refuses, by meaning; ``ErrorTable`` gives each its code and text.
package enum ServiceError: String, Sendable, CaseIterable {
    /// The license was never activated and its valid-until day has passed.
    case licenseExpired
    /// No license has this redemption code.
    case licenseNotFound
    /// Not one token of the request could be used.
    case noValidToken
    /// The requesting unit is unknown or not registered; also the text for such a peer.
    case productNotRegistered
    /// The token is no token of a license that covers the unit.
    case tokenOfOtherProduct
    /// The phone's activation code is unknown, run out, or claimed by another phone.
    case activationCodeInvalid
    /// `__type` names no request of this service.
    case unknownType
    /// The client certificate names a unit that is neither the requesting one nor in its cluster.
    case certificateMismatch
    /// The license is bound to units that do not cover the requesting one.
    case licenseOfOtherProduct
    /// A required field is missing, of the wrong type or malformed.
    case fieldInvalid
    /// The operator locked the token.
    case tokenLocked

    /// Whether code, text and place are all published, so that nobody has anything to correct.
    package var isFixed: Bool {
        [.licenseExpired, .noValidToken, .tokenOfOtherProduct, .activationCodeInvalid].contains(self)
    }
}
