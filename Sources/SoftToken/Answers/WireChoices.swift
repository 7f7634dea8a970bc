/// What nobody outside the vendor knows of the wire, and a lab may switch.
package struct WireChoices: Sendable, Hashable {
    /// How `token_activation_code` is written; both forms have sixteen characters.
    ///
    /// [our choice: activation-code-form] Base32 is what appliances' configurations and mails show.
    package enum ActivationCodeForm: String, Sendable, CaseIterable {
        /// The whole code, flags and all.
        case base32
        /// The claim alone, upper case.
        case hexadecimal
    }

    /// What `qr_code` holds.
    ///
    /// [our choice: qr-code] The mail shows a picture; whether the answer carries one, or the text for one, is unknown.
    package enum QRCode: String, Sendable, CaseIterable {
        /// Nothing.
        case null
        /// The text to draw: the code in Base32, which is what a phone types.
        case text
    }

    /// The form of `token_activation_code`.
    package var activationCodeForm: ActivationCodeForm
    /// The content of `qr_code`.
    package var qrCode: QRCode
    /// Whether a line feed follows the answer's last brace.
    ///
    /// [our choice: final-newline] Published logs show no byte past the last brace. A terminal and a comparison of
    /// files want the line ended, and to a parser it is nothing.
    package var endsWithNewline: Bool

    /// The choices; each default is the likelier reading.
    package init(activationCodeForm: ActivationCodeForm = .base32, qrCode: QRCode = .text, endsWithNewline: Bool = true)
    {
        self.activationCodeForm = activationCodeForm
        self.qrCode = qrCode
        self.endsWithNewline = endsWithNewline
    }
}
