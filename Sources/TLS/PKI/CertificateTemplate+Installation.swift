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

    /// Days in a root: ten years.
    static let rootDays: Int64 = 3650
    /// Days in an authority below the root: five years.
    static let intermediateDays: Int64 = 1825
    /// Days in the authority that an inspecting middlebox re-signs with.
    static let inspectionDays: Int64 = 90
    /// Days in a server's or a device's certificate, as public ones should have at most (CA/Browser Forum Baseline
    /// Requirements 6.3.2).
    static let leafDays: Int64 = 397

    /// A root, constrained to the configured names and the lab's own.
    ///
    /// Its common name has the root key's, which tells one installation from the next. A client without elliptic curves
    /// cannot verify what a key of them signed, whatever is below it.
    static func root(
        _ title: String,
        _ identifier: String,
        names: [GeneralName],
        validity: Validity,
        pathLength: Int? = nil,
        key kind: KeyKind = .p256
    ) -> CertificateTemplate {
        CertificateTemplate(
            commonName: "FauxGuard LAB \(title) \(identifier)",
            validity: validity,
            authority: Authority(pathLength: pathLength, permitted: permitted(names)),
            keyKind: kind
        )
    }

    /// The authority for servers, or for devices.
    static func intermediate(_ authority: LabAuthority, under root: String, validity: Validity) -> CertificateTemplate {
        authority == .device
            ? intermediate("Device", for: .client, under: root, validity: validity)
            : intermediate("Service", under: root, validity: validity)
    }

    /// An authority for one purpose, below the root whose key has that name.
    ///
    /// It may sign for `permitted`, where those are others than the root's names.
    static func intermediate(
        _ title: String,
        for purpose: Purpose = .server,
        under root: String,
        validity: Validity,
        pathLength: Int = 0,
        permitted: [String] = [],
        key kind: KeyKind = .p256
    ) -> CertificateTemplate {
        CertificateTemplate(
            commonName: "FauxGuard LAB \(title) CA \(root)",
            validity: validity,
            authority: Authority(pathLength: pathLength, permitted: permitted),
            purposes: [purpose],
            keyKind: kind
        )
    }

    /// The server's own certificate, or one that a profile wants to differ from it.
    ///
    /// [our choice: one-server-certificate] docs/protocol.md section 9: a host's certificate has the host's name as its
    /// common name. Here one certificate serves all names: the first is its common name, whichever was asked for.
    ///
    /// `calling` is how its clients call the server, and the configured names follow the emulated ones and the
    /// loopback's; its issuer's list and OCSP answers are at `publishedAt`, if anywhere.
    static func server(
        _ differences: ProfileDifferences = ProfileDifferences(),
        commonName name: String = emulatedHosts[0],
        names configured: [GeneralName],
        calling: Calling,
        validity: Validity,
        publishedAt: String?
    ) -> CertificateTemplate {
        CertificateTemplate(
            commonName: differences.names == .other ? otherHost : name,
            names: names(differences.names, serverNames(configured, calling)),
            publishedAt: publishedAt,
            validity: validity,
            authority: differences.isAuthority ? Authority(pathLength: 0, signsHandshakes: true) : nil,
            purposes: [differences.purpose],
            keyKind: differences.key,
            digest: differences.signature
        )
    }

    /// A host that nobody asks for; `.test` belongs to nobody (RFC 6761) and lies within the root's constraints.
    static let otherHost = "another.test"

    private static func names(_ names: ProfileDifferences.Names, _ usual: [GeneralName]) -> [GeneralName] {
        switch names {
        case .usual: usual
        case .other: [.host(otherHost)]
        case .none: []
        case .many: usual + (0..<max(0, ProfileDifferences.many - usual.count)).map { .host("n\($0 + 1).test") }
        }
    }

    /// A device's client certificate, by its serial number.
    ///
    /// [our choice: device-certificate] docs/protocol.md section 9: a unit's own certificate names its vendor, the
    /// product line as the unit, and the serial number as common name. Here the lab stands for the vendor, no unit is
    /// named, and the common name is the same.
    static func device(_ serial: String, validity: Validity) -> CertificateTemplate {
        CertificateTemplate(commonName: serial, validity: validity, purposes: [.client])
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
            .address(loopback6),
        ]

    private static let loopback6 = [UInt8](repeating: 0, count: 15) + [1]

    /// What an authority of this installation may sign for.
    ///
    /// A kind of name that no entry mentions would be free, so mail addresses and URIs are held to `.test` (RFC 6761),
    /// which belongs to nobody.
    static func permitted(_ names: [GeneralName]) -> [String] {
        let hosts = (emulatedHosts + ["localhost", "test"]).map { "DNS:\($0)" }
        let loopback = ["IP:127.0.0.0/255.0.0.0", GeneralName.address(loopback6).constraint]
        return hosts + loopback + ["email:.test", "URI:.test"] + names.map(\.constraint)
    }
}
