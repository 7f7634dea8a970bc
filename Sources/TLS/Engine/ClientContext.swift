import COpenSSL
package import TLSNames

/// What the connections of a client have in common: whom it trusts, what it presents, what it offers.
///
/// The server's chain is always verified up to one of the anchors, and its name against the one asked for.
package final class ClientContext {
    let handle: ContextHandle

    /// A context that trusts only the given anchors, at least one in PEM, and presents an identity to servers that ask.
    ///
    /// With a version below 1.2 among them the security level is 0. The protocols are offered by ALPN, each of 1 to 255
    /// bytes; none leaves the extension out.
    package init(
        trustAnchors: [UInt8],
        identity: Identity? = nil,
        versions: ClosedRange<ProtocolVersion> = .tls12 ... .tls13,
        applicationProtocols: [String] = ["http/1.1"]
    ) throws(TLSError) {
        let handle = try unsafe ContextHandle(method: TLS_client_method(), versions: versions)
        try handle.trust(trustAnchors)
        if let identity { try PresentedIdentity(identity).present(on: handle) }
        unsafe SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_PEER, nil)
        let list = applicationProtocols.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
        // Unlike everything around it, this one answers 0 for success.
        guard unsafe SSL_CTX_set_alpn_protos(handle.pointer, list, UInt32(list.count)) == 0 else {
            throw .failed(.configure, .library)
        }
        self.handle = handle
    }
}
