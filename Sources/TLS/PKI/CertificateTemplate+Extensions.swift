internal import COpenSSL

/// One certificate extension in OpenSSL's own text syntax (its manual page x509v3_config).
struct ExtensionText {
    /// OpenSSL's number of the extension.
    var identifier: CInt
    /// The value, led by `critical,` where it is.
    var value: String
}

extension CertificateTemplate {
    /// The extensions that do not depend on the issuer.
    var extensions: [ExtensionText] {
        var list = [
            ExtensionText(identifier: NID_basic_constraints, value: basicConstraints),
            ExtensionText(identifier: NID_key_usage, value: keyUsage),
        ]
        if !purposes.isEmpty {
            let value = purposes.map(\.rawValue).joined(separator: ",")
            list.append(ExtensionText(identifier: NID_ext_key_usage, value: value))
        }
        if let alternativeNames {
            list.append(alternativeNames)
        }
        if let revocationList { list.append(revocationList) }
        if let statusService { list.append(statusService) }
        if let permitted = authority?.permitted, !permitted.isEmpty {
            let value = "critical," + permitted.map(\.extensionText).joined(separator: ",")
            list.append(ExtensionText(identifier: NID_name_constraints, value: value))
        }
        return list
    }

    /// The subject alternative names, or nil where there are none.
    var alternativeNames: ExtensionText? {
        guard !names.isEmpty else { return nil }
        let value = names.map(\.extensionText).joined(separator: ",")
        return ExtensionText(identifier: NID_subject_alt_name, value: value)
    }

    /// Where the service authority's list is, or nil where it is nowhere.
    var revocationList: ExtensionText? {
        publishedAt.map {
            ExtensionText(identifier: NID_crl_distribution_points, value: "URI:http://\($0)/service.crl")
        }
    }

    /// Where questions by OCSP are answered, or nil where they are not.
    var statusService: ExtensionText? {
        publishedAt.map { ExtensionText(identifier: NID_info_access, value: "OCSP;URI:http://\($0)/ocsp") }
    }

    private var basicConstraints: String {
        guard let authority else { return "critical,CA:FALSE" }
        return "critical,CA:TRUE" + (authority.pathLength.map { ",pathlen:\($0)" } ?? "")
    }

    private var keyUsage: String {
        if let authority {
            return "critical,\(authority.signsHandshakes ? "digitalSignature," : "")keyCertSign,cRLSign"
        }
        // TLS 1.2 without forward secrecy encrypts its secret with an RSA key.
        return keyKind == .p256 ? "critical,digitalSignature" : "critical,digitalSignature,keyEncipherment"
    }
}
