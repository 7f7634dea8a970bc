/// The authorities of one installation with their keys, as plain text that any thread may hold.
///
/// OpenSSL's objects are made of it where one signs, and end there.
struct LabAuthorities: Sendable {
    /// The root: its certificate alone, and its key.
    let root: Identity
    /// The root of chains that are RSA throughout: its certificate alone, and its key.
    let rsaRoot: Identity
    /// The authority for servers: its certificate alone, and its key.
    let service: Identity
    /// The authority for devices: its certificate alone, and its key.
    let device: Identity
    /// What stands in the folder, and who issued it: numbers from before they were marked are known by this alone.
    let recorded: [CertificateSerial: LabAuthority]

    /// One of them, as text.
    func identity(of authority: LabAuthority) -> Identity {
        switch authority {
        case .root: root
        case .service: service
        case .device: device
        }
    }

    /// One of them, able to sign on this thread.
    func credential(of authority: LabAuthority) throws(PKIError) -> Credential {
        try Credential(identity(of: authority))
    }
}
