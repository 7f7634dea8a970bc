/// An authority with its objects made once, to answer many questions.
///
/// Reading a key out of text takes OpenSSL 3 a millisecond or two, ten times what it takes to sign; a loop that answers
/// strangers has no time for that.
@safe
final class AnsweringAuthority: Sendable {
    // Never changed once they are here; OpenSSL lets any number of threads read the same certificate and sign with the
    // same key.
    nonisolated(unsafe) private let credential: Credential
    private let secret: [UInt8]

    /// Reads an authority from its text.
    init(_ identity: Identity) throws(PKIError) {
        let credential = try Credential(identity)
        secret = try credential.key.der()
        unsafe self.credential = credential
    }

    /// The authority's certificate, borrowed: valid only while this object is.
    var certificate: OpaquePointer { unsafe credential.certificate.raw }

    /// The authority's key, borrowed: valid only while this object is.
    var key: OpaquePointer { unsafe credential.key.raw }

    /// Whether it gave a number out.
    func gaveOut(_ serial: CertificateSerial) throws(PKIError) -> Bool {
        try serial.isMarked(by: secret)
    }
}
