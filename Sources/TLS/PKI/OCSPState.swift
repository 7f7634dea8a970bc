internal import COpenSSL

/// What an authority says of one certificate (RFC 6960 section 2.2).
enum OCSPState {
    /// It issued the certificate and did not take it back.
    case good
    /// It took the certificate back.
    case revoked(Revocation)
    /// It knows nothing of the certificate.
    case unknown

    /// OpenSSL's number of it.
    var code: CInt {
        switch self {
        case .good: V_OCSP_CERTSTATUS_GOOD
        case .revoked: V_OCSP_CERTSTATUS_REVOKED
        case .unknown: V_OCSP_CERTSTATUS_UNKNOWN
        }
    }
}
