import IO

extension Settings {
    /// Where certificates can say that the lists of what was revoked and OCSP are; nil where that is not known before the
    /// listener stands (port 0), or is no address for a client to go to.
    var publicationAddress: String? {
        guard let text = authorityListener, let address = try? SocketAddress.resolve(text), address.port != 0 else {
            return nil
        }
        switch address.host {
        case .v4(0), .v6(0, 0, scope: _): return nil
        // A scope means something on this machine only.
        case .v6(_, _, scope: let scope) where scope != 0: return nil
        default: return "\(address)"
        }
    }
}
