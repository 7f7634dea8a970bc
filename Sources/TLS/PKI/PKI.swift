import Notation

/// The certificates of one installation, as they stand in its folder.
///
/// A value: it holds what was read or minted, and no file. `Certs/README.md` describes the folder.
package struct PKI: Sendable {
    /// The folder's path, as given.
    package let directory: String
    /// The configured names, beyond the emulated ones; sorted, each once.
    package let names: [GeneralName]
    /// Where certificates say that lists and OCSP answers are, as `host:port`; nil where they say nothing.
    package let publicationAddress: String?
    /// What the server presents to clients that ask for no name: every name and address that it goes by.
    package let server: Identity
    /// What it presents to clients that ask for a host by name: the names alone.
    ///
    /// Verifiers of BoringSSL's family know no constraints of addresses and refuse a certificate that has an address
    /// below an authority that constrains them; below the same authority they take one that has none.
    package let named: Identity
    /// The root certificate in PEM, for clients to trust, and behind it the root of chains that are RSA throughout.
    package let authority: [UInt8]
    /// What a server trusts that asks devices for their certificates: their authority and the root, in PEM.
    package let deviceTrust: [UInt8]
    /// The SHA-256 of the root certificate in DER, 64 lower-case hex digits.
    package let authorityFingerprint: String
    /// Each certificate's subject and end, the root's first.
    package let certificates: [Summary]
    /// What opening changed on disk, in order; empty when all was in order already.
    package let changes: [PKIChange]
    /// Who signs; never logged.
    let authorities: LabAuthorities

    /// One certificate, for a log line.
    package struct Summary: Sendable, Equatable {
        /// Which one.
        package let file: PKIFile
        /// The subject in RFC 2253 form.
        package let subject: String
        /// The last second in which it counts, Unix seconds.
        package let notAfter: Int64
    }

    /// Opens the PKI in a folder: mints what is missing, renews what is due, verifies the rest.
    ///
    /// It blocks on the disk and on a lock that keeps out other processes, so it has no place on an event loop. Being
    /// killed at any moment leaves a folder that the next call completes.
    ///
    /// - Parameters:
    ///   - directory: the folder, made with mode 0700 where it is missing; its parent must exist.
    ///   - names: further host names and IP addresses that the server goes by.
    ///   - address: where clients find the authorities' lists and OCSP answers, as `host:port` of plain HTTP, for the
    ///     server's certificate to say; nil where it has nothing to say.
    ///   - now: the present, Unix seconds.
    /// - Returns: the PKI as it is on disk.
    /// - Throws: ``PKIError``; after ``PKIError/refused(path:_:)`` nothing that was refused has been overwritten.
    package static func open(
        at directory: String,
        names: [String],
        publishedAt address: String? = nil,
        now: Int64
    ) throws(PKIError) -> PKI {
        var configured: [GeneralName] = []
        for text in names {
            configured.append(try GeneralName(text))
        }
        // The text goes into OpenSSL's extension syntax, where a comma begins the next entry.
        if let address {
            guard !address.isEmpty, address.isASCIIAlphanumeric(or: "-.:[]") else { throw .invalidAddress(address) }
        }
        return try open(at: directory, configured: configured, publishedAt: address, now: now)
    }

    /// Opens the folder again, so that what is due by `now` is renewed; to be called now and then, once a day is
    /// plenty.
    ///
    /// What it answers has the changes of this call alone. Where it throws, this value stays usable until its
    /// certificates end.
    package func renewed(at now: Int64) throws(PKIError) -> PKI {
        try Self.open(at: directory, configured: names, publishedAt: publicationAddress, now: now)
    }

    private static func open(
        at directory: String,
        configured: [GeneralName],
        publishedAt address: String?,
        now: Int64
    ) throws(PKIError) -> PKI {
        let sorted = Set(configured).sorted { $0.extensionText < $1.extensionText }
        return try PKIOpening(of: directory, names: sorted, publishedAt: address, now: now).run()
    }
}

extension PKI {
    /// Whether the server's certificate carries a name that a client asks for; `*.` before it asks for any name below.
    package func presents(_ asked: String) -> Bool {
        let carried = CertificateTemplate.serverNames(names, .byAddress)
        guard asked.hasPrefix("*.") else {
            return (try? GeneralName(asked)).map { carried.contains($0) } ?? false
        }
        return carried.contains { if case .host(let host) = $0 { host.hasSuffix(asked.dropFirst()) } else { false } }
    }
}

/// The lab's root for clients to trust, in the forms that they take. Never a key.
extension PKI {
    /// A form of the root certificate.
    package enum ExportFormat: String, CaseIterable, Sendable {
        /// PEM.
        case pem
        /// DER.
        case der
        /// Commands to paste into a FortiOS command line.
        case fortios

        /// The media type to send it with.
        package var mediaType: String {
            switch self {
            case .pem: "application/x-pem-file"
            case .der: "application/pkix-cert"
            case .fortios: "text/plain; charset=utf-8"
            }
        }

        /// A name to save it under.
        package var fileName: String {
            switch self {
            case .pem: "fauxguard-lab.pem"
            case .der: "fauxguard-lab.crt"
            case .fortios: "fauxguard-lab.fortios.txt"
            }
        }
    }

    /// The name under which a FortiOS unit keeps the root.
    private static let fortiosName = "FauxGuard-LAB"

    /// Writes the root certificate in a form, with that of RSA where the form holds more than one; text ends with a
    /// line feed.
    package func export(_ format: ExportFormat) throws(PKIError) -> [UInt8] {
        switch format {
        case .pem: return authority
        case .der: return try authorities.own.root.certificate.der()
        case .fortios:
            // The command line's public reference: `config vpn certificate ca`, the PEM between quotes.
            let entries = try [
                (Self.fortiosName, authorities.own.root), ("\(Self.fortiosName)-RSA", authorities.rsaRoot),
            ]
            .map { (name, root) throws(PKIError) in
                let pem = String(decoding: try root.certificatePEM, as: UTF8.self)
                return """
                        edit "\(name)"
                            set ca "\(pem.split(separator: "\n").joined(separator: "\n"))"
                        next
                    """
            }
            return Array("config vpn certificate ca\n\(entries.joined(separator: "\n"))\nend\n".utf8)
        }
    }
}
