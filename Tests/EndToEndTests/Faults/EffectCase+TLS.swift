/// Handshakes.
extension EffectCase {
    private static let asking: [FaultClient: [String]] = [.curl: ["--cert-status"], .openssl: ["-status"]]

    static let tls: [EffectCase] = [
        EffectCase("tls.certificate", #"{"profile":"expired"}"#),
        EffectCase("tls.version", #"{"max":"1.1"}"#),
        EffectCase("tls.ciphers", #"{"list":["ECDHE-RSA-AES128-GCM-SHA256"]}"#),
        EffectCase("tls.groups", #"{"list":["secp224r1"]}"#),
        EffectCase("tls.staple", #"{"status":"revoked"}"#).with(\.options, asking),
        EffectCase("tls.clientCertificate", #"{"mode":"require"}"#),
        EffectCase("tls.alert", #"{"alert":"access_denied"}"#).with(\.alert, "access_denied"),
        EffectCase("tls.stall", #"{"at":"certificate"}"#).with(\.holds, true),
        EffectCase("tls.truncate", #"{"at":"certificate"}"#),
        EffectCase("tls.corrupt"),
        // Four records at least, whatever the version.
        EffectCase("tls.slow", #"{"gap":"60ms"}"#).with(\.atLeast, .milliseconds(240)),
        EffectCase("tls.plaintext"),
        EffectCase("tls.abruptClose").with(\.also, [.curl: FaultRequest.license, .openssl: FaultRequest.license]),
    ]

    static let tlsKinds: [EffectCase] =
        certificates + versions + staples + [
            EffectCase("tls.clientCertificate", #"{"mode":"optional"}"#, [Sight(.curl, "200 OK")]),
            EffectCase("tls.clientCertificate", #"{"mode":"none"}"#, [Sight(.curl, "200 OK")]),
            EffectCase("tls.plaintext", #"{"body":"blocked"}"#, [Sight(.python, "WRONG_VERSION_NUMBER")]),
        ]

    private static let certificates = [
        ("self-signed", "SSL certificate problem: self-signed certificate", "self-signed certificate"),
        ("dpi", "self-signed certificate in certificate chain", "self-signed certificate in certificate chain"),
        ("untrusted-root", "unable to get local issuer certificate", "unable to get local issuer certificate"),
        ("wrong-name", "no alternative certificate subject name matches", "Hostname mismatch"),
        ("trusted-rsa", "200 OK", "200 OK"),
    ]
    .map { profile, curl, python in
        EffectCase("tls.certificate", "{\"profile\":\"\(profile)\"}", [Sight(.curl, curl), Sight(.python, python)])
    }

    private static let versions = [
        EffectCase(
            "tls.version",
            #"{"min":"1.3"}"#,
            [Sight(.curl, "alert protocol version", over: "TLSv1.2"), Sight(.curl, "200 OK", over: "TLSv1.3")]
        ),
        EffectCase(
            "tls.version",
            #"{"min":"1.2","max":"1.2"}"#,
            [Sight(.curl, "200 OK", over: "TLSv1.2"), Sight(.curl, "alert protocol version", over: "TLSv1.3")]
        ),
        EffectCase(
            "tls.ciphers",
            #"{"list":["TLS_CHACHA20_POLY1305_SHA256"]}"#,
            [Sight(.curl, "alert handshake failure", over: "TLSv1.2"), Sight(.openssl, "200 OK", over: "TLSv1.3")]
        )
        .with(\.also, [.openssl: "TLS_CHACHA20_POLY1305_SHA256"]),
        EffectCase(
            "tls.ciphers",
            #"{"list":["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]}"#,
            [Sight(.openssl, "200 OK", over: "TLSv1.2")]
        )
        .with(\.also, [.openssl: "ECDHE-ECDSA-AES128-GCM-SHA256"]),
        EffectCase("tls.groups", #"{"list":["secp521r1"]}"#, [Sight(.openssl, "ECDH, secp521r1, 521 bits")]),
    ]

    private static let staples = [
        ("good", "HTTP/1.1 200 OK", "Cert Status: good"),
        ("unknown", "SSL server certificate status verification FAILED", "Cert Status: unknown"),
        ("stale", "OCSP response has expired", "200 OK"),
        ("missing", "No OCSP response received", "OCSP response: no response sent"),
        ("forged", "OCSP response verification failed", "200 OK"),
    ]
    .map { status, curl, openssl in
        // What s_client prints of a good one is what it prints of everybody's.
        let sights = [Sight(.curl, curl)] + (status == "good" ? [] : [Sight(.openssl, openssl)])
        return EffectCase("tls.staple", "{\"status\":\"\(status)\"}", sights).with(\.options, asking)
    }
}
