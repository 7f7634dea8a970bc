/// The pairs of files that make up an installation's PKI, in the order in which they are minted.
package enum PKIFile: String, CaseIterable, Sendable {
    /// The root of chains that are RSA throughout; `ca.pem` holds it too.
    case rsa
    /// The root that clients trust, and behind it in the file that of RSA.
    case ca
    /// The authority for server certificates.
    case service
    /// The authority for devices' client certificates.
    case device
    /// The server's own certificate, followed by its issuer's.
    case server
    /// The same without its addresses, for clients that ask for a host by name.
    case named
    /// The authority that an inspecting middlebox re-signs with, a root by itself.
    case inspection

    /// The certificate's file name.
    package var certificate: String { "\(rawValue).pem" }

    /// The private key's file name.
    package var key: String { "\(rawValue).key" }
}

/// One thing that opening a PKI changed on disk, for one line in the log.
package struct PKIChange: Sendable, Equatable {
    /// The file's name in the PKI's folder; `.` is the folder itself.
    package let file: String
    /// What was done to it.
    package let action: Action

    /// One change of one file.
    package init(file: String, action: Action) {
        self.file = file
        self.action = action
    }

    /// What was done to a file, and why.
    package enum Action: Sendable, Equatable {
        /// Minted where there was none.
        case minted
        /// Minted anew: less than a third of its lifetime was left, or its time had not come.
        case renewed
        /// Minted anew: the configured names differ from those it carried.
        case renamed
        /// Minted anew: its authority's list and OCSP answers are at another address now, or at none.
        case readdressed
        /// Minted anew with the same key and subject: its name constraints did not cover the configured names.
        case widened
        /// Written anew with both roots, this installation's and that of RSA: one of them was missing here, or another.
        case joined
        /// Written anew: what stood here was not signed by, or followed by, the present service authority.
        case rechained
        /// Its permission bits, given here, let others read it; they no longer do.
        case tightened(mode: UInt32)
    }
}

extension PKIChange: CustomStringConvertible {
    /// One line for the log.
    package var description: String {
        switch action {
        case .minted:
            "\(file): minted"
        case .renewed:
            "\(file): renewed ahead of its end"
        case .renamed:
            "\(file): minted anew, the configured names changed"
        case .readdressed:
            "\(file): minted anew, the address of the pki listener changed"
        case .widened:
            "\(file): issued anew with the same key for the configured names; clients need to trust the new one"
        case .joined:
            "\(file): written anew with the root of RSA chains behind the other; "
                + "clients need this file where the profile trusted-rsa is presented"
        case .rechained:
            "\(file): written anew under the present service authority"
        case .tightened(let mode):
            "\(file): others could read it (mode 0\(String(mode, radix: 8))), now only its owner can; "
                + "replace what may have been copied"
        }
    }
}
