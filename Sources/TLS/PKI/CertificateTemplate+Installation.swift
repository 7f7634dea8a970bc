import Notation

/// The certificates of one installation, and what its root lets them name.
///
/// [our choice: lab-ca-tree] docs/protocol.md section 9 names a vendor's authorities for appliances and third parties'
/// for servers: here one root is above an authority for each, and inspection has a root by itself.
extension CertificateTemplate {
    /// The hosts that the lab stands in for (docs/protocol.md section 1), the first being the server certificate's
    /// subject.
    package static let emulatedHosts = [
        "globalftm.fortinet.net",
        "fortitokenmobile.fortinet.com",
        "notification.fortinet.net",
        "notification.fortinet.com",
        "push.fortinet.com",
        "support.fortinet.com",
        "customerapiauth.fortinet.com",
        "fds1.fortinet.com",
        "directregistration.fortinet.com",
    ]

    /// Who all of these belong to, so that nobody takes one for a vendor's.
    static let labOrganization = "FauxGuard LAB"

    /// Days in a root: ten years.
    static let rootDays: Int64 = 3650
    /// Days in an authority below the root: five years.
    static let intermediateDays: Int64 = 1825
    /// Days in the authority that an inspecting middlebox re-signs with.
    static let inspectionDays: Int64 = 90
    /// Days in a server's or a device's certificate, as public ones should have at most (CA/Browser Forum Baseline
    /// Requirements 6.3.2).
    static let leafDays: Int64 = 397

    /// A root, constrained to `names` and the lab's own.
    ///
    /// - Parameters:
    ///   - title: which of the installation's roots it is.
    ///   - identifier: the root key's name, which tells one installation from the next.
    ///   - names: the configured names.
    ///   - validity: when it counts.
    ///   - pathLength: how many authorities may stand below it; nil sets no bound.
    ///   - kind: its key. A client without elliptic curves cannot verify what a key of them signed, whatever is below
    ///     it.
    /// - Returns: the template of a certificate that signs itself.
    static func root(
        _ title: String,
        _ identifier: String,
        names: [GeneralName],
        validity: Validity,
        pathLength: Int? = nil,
        key kind: KeyKind = .p256
    ) -> CertificateTemplate {
        CertificateTemplate(
            organization: labOrganization,
            commonName: "FauxGuard LAB \(title) \(identifier)",
            validity: validity,
            authority: Authority(pathLength: pathLength, permitted: permitted(names)),
            keyKind: kind
        )
    }

    /// An authority below a root, for one purpose.
    ///
    /// - Parameters:
    ///   - title: what its common name calls it.
    ///   - purpose: the one purpose of what it signs.
    ///   - root: the root key's name.
    ///   - validity: when it counts.
    ///   - pathLength: how many further authorities may stand below it.
    ///   - permitted: the names that it may sign for, where they are others than the root's.
    ///   - kind: its key.
    /// - Returns: the template of a certificate for the authority above it to sign.
    static func intermediate(
        _ title: String,
        for purpose: Purpose = .server,
        under root: String,
        validity: Validity,
        pathLength: Int = 0,
        permitted: [PermittedSubtree] = [],
        key kind: KeyKind = .p256
    ) -> CertificateTemplate {
        CertificateTemplate(
            organization: labOrganization,
            commonName: "FauxGuard LAB \(title) CA \(root)",
            validity: validity,
            authority: Authority(pathLength: pathLength, permitted: permitted),
            purposes: [purpose],
            keyKind: kind
        )
    }

    /// The server's own certificate.
    ///
    /// [our choice: one-server-certificate] docs/protocol.md section 9: a host's certificate has the host's name as its
    /// common name. Here one certificate serves all names: the first is its common name, whichever was asked for.
    ///
    /// - Parameters:
    ///   - names: the configured names, which follow the emulated ones and the loopback's.
    ///   - calling: how its clients call the server.
    ///   - validity: when it counts.
    ///   - publishedAt: where the service authority's list and OCSP answers are, if anywhere.
    /// - Returns: the template of a certificate for the service authority to sign.
    static func server(
        names: [GeneralName],
        calling: Calling,
        validity: Validity,
        publishedAt: String?
    ) -> CertificateTemplate {
        CertificateTemplate(
            organization: labOrganization,
            commonName: emulatedHosts[0],
            names: serverNames(names, calling),
            publishedAt: publishedAt,
            validity: validity,
            purposes: [.server]
        )
    }

    /// A device's client certificate, by its serial number.
    ///
    /// [our choice: device-certificate] docs/protocol.md section 9: a unit's own certificate names its vendor, the
    /// product line as the unit, and the serial number as common name. Here the lab stands for the vendor, no unit is
    /// named, and the common name is the same.
    static func device(_ serial: String, validity: Validity) -> CertificateTemplate {
        CertificateTemplate(
            organization: labOrganization,
            commonName: serial,
            validity: validity,
            purposes: [.client]
        )
    }

    /// How clients call the server, which decides what its certificate may hold.
    package enum Calling: Sendable {
        /// By a host's name, which they also ask for (RFC 6066 section 3): addresses are left out.
        case byName
        /// Without a name, as by an address: everything that the server goes by.
        case byAddress

        /// How a client calls the server that asked for this name in its ClientHello, or for none.
        ///
        /// An address has no place there (RFC 6066 section 3), but some clients put theirs in it.
        package init(asking name: String?) {
            guard let name, !name.utf8.contains(UInt8(ascii: ":")) else {
                self = .byAddress
                return
            }
            let last = CertificateTemplate.relative(name).utf8.reversed().prefix { $0 != UInt8(ascii: ".") }
            self = last.allSatisfy(\.isASCIIDigit) ? .byAddress : .byName
        }
    }

    /// A host's name without the dot of the root behind it, which some clients leave in their ClientHello.
    package static func relative(_ name: String) -> Substring {
        name.hasSuffix(".") ? name.dropLast() : name[...]
    }

    /// What the server goes by: the emulated hosts, the loopback's names, and then the configured ones.
    static func serverNames(_ configured: [GeneralName], _ calling: Calling) -> [GeneralName] {
        let all = standing + configured.filter { !standing.contains($0) }
        guard calling == .byName else { return all }
        return all.filter { if case .host = $0 { true } else { false } }
    }

    private static let standing: [GeneralName] =
        emulatedHosts.map { .host($0) } + [
            .host("localhost"),
            .address([127, 0, 0, 1]),
            .address([UInt8](repeating: 0, count: 15) + [1]),
        ]

    /// What an authority of this installation may sign for.
    ///
    /// A kind of name that no entry mentions would be free, so mail addresses and URIs are held to `.test` (RFC 6761),
    /// which belongs to nobody.
    static func permitted(_ names: [GeneralName]) -> [PermittedSubtree] {
        let hosts = emulatedHosts.map { PermittedSubtree.name(.host($0)) }
        let lab: [PermittedSubtree] = [
            .name(.host("localhost")),
            .name(.host("test")),
            .network(address: [127, 0, 0, 0], mask: [255, 0, 0, 0]),
            .name(.address([UInt8](repeating: 0, count: 15) + [1])),
            .mail(domain: ".test"),
            .uri(domain: ".test"),
        ]
        return hosts + lab + names.map { .name($0) }
    }
}
