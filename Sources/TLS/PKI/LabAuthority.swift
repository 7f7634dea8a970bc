/// An authority whose certificates this installation vouches for, and may revoke.
///
/// The inspection root is none: what a middlebox re-signs with it is not the lab's word.
package enum LabAuthority: String, CaseIterable, Sendable {
    /// The root, which issued the two others.
    case root
    /// The authority for server certificates.
    case service
    /// The authority for devices' client certificates.
    case device

    /// What its common name calls it.
    var title: String {
        switch self {
        case .root: "Root"
        case .service: "Service"
        case .device: "Device"
        }
    }

    /// The one purpose of what it signs; nil where it signs authorities.
    var purpose: CertificateTemplate.Purpose? {
        switch self {
        case .root: nil
        case .service: .server
        case .device: .client
        }
    }
}
