import TLS

/// What a phone's answer carries, made a second time to compare with.
package enum Sealing {
    /// The Base64 text of a seed, given as 40 hexadecimal digits, for the phone with this identifier.
    package static func base64(ofSeed seed: String, forPhone phone: String) -> String {
        let digits = Array(seed.utf8)
        let identifier = Array(phone.utf8)
        return String(decoding: SealedSeed(digits: digits.span, mobileID: identifier.span).base64, as: UTF8.self)
    }
}
