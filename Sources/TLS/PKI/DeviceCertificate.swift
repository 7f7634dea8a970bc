internal import COpenSSL
import Notation

/// A client certificate for one device of the lab, with its key.
///
/// It exists in memory only. Whoever asked for it keeps it: it cannot be had a second time.
package struct DeviceCertificate: Sendable {
    /// The device's serial number, which is the certificate's common name.
    package let device: String
    /// The certificate's number, to revoke it by.
    package let serial: CertificateSerial
    /// The last second in which it counts, Unix seconds.
    package let notAfter: Int64
    /// The certificate in PEM.
    package let certificate: [UInt8]
    /// The device authority's certificate in PEM: what a client sends with its own.
    package let chain: [UInt8]
    /// The private key in PEM: PKCS#8, not encrypted, never logged.
    package let privateKey: [UInt8]

    init(_ credential: Credential, of device: String, by issuer: Credential) throws(PKIError) {
        self.device = device
        serial = try credential.certificate.serial
        notAfter = try credential.certificate.validity.notAfter
        certificate = try credential.certificatePEM
        chain = try issuer.certificatePEM
        privateKey = try credential.key.pem()
    }

    /// Key, certificate and chain in one PEM text, as clients take it in a single file.
    package var pem: [UInt8] { privateKey + certificate + chain }

    /// Certificate and key as a TLS client presents them.
    package var identity: Identity { Identity(chain: certificate + chain, privateKey: privateKey) }

    /// Key, certificate and chain in one PKCS#12 file, its parts encrypted with AES-256 (OpenSSL 3's own choice).
    ///
    /// It derives keys for some milliseconds, on purpose, so it belongs on a thread of the caller's. A password that is
    /// empty or has a zero character in it is refused.
    package func pkcs12(password: String) throws(PKIError) -> [UInt8] {
        guard !password.isEmpty, !password.utf8.contains(0) else { throw .invalidPassword }
        let (own, above) = (try Certificate.parse(certificate), try Certificate.parse(chain))
        // Writing it changes it for a moment.
        let key = try PrivateKey.parse(privateKey).copy()
        let stack = unsafe try PKIError.object("sk_X509_new_null") { unsafe c_sk_X509_new_null() }
        defer { unsafe c_sk_X509_free(stack) }
        try PKIError.attempt("sk_X509_push") { unsafe c_sk_X509_push(stack, above.raw) > 0 }
        let file = unsafe try PKIError.object("PKCS12_create") {
            // Zeros are the library's defaults: its ciphers, its iteration counts.
            unsafe PKCS12_create(password, device, key.raw, own.raw, stack, 0, 0, 0, 0, 0)
        }
        defer { unsafe PKCS12_free(file) }
        return unsafe try PKIError.encoded("i2d_PKCS12") { unsafe i2d_PKCS12(file, $0) }
    }
}

extension DeviceCertificate: CustomStringConvertible {
    /// The device and the number only: a key must not reach a log by way of interpolation.
    package var description: String { "client certificate \(serial) of \(device)" }
}

extension PKI {
    /// Mints a client certificate for a device, with a new key, under the device authority.
    ///
    /// Nothing is written. It makes a key, so it belongs on a thread of the caller's. Throws for what is no serial
    /// number (1 to 16 of `A-Z`, `0-9` and `-`), and where the root does not count at `now` (Unix seconds), which is a
    /// lab's present where its certificates follow its clock.
    package func deviceCertificate(for device: String, now: Int64) throws(PKIError) -> DeviceCertificate {
        guard (1...16).contains(device.utf8.count),
            device.utf8.allSatisfy({ $0.isASCIIUppercase || $0.isASCIIDigit || $0 == UInt8(ascii: "-") })
        else {
            throw .invalidSerial(device)
        }
        let issuer = try authority(.device, spanning: now...now)
        let validity = try Validity(days: CertificateTemplate.leafDays, from: now).within(issuer.certificate.validity)
        return try DeviceCertificate(issuer.issue(.device(device, validity: validity)), of: device, by: issuer)
    }
}
