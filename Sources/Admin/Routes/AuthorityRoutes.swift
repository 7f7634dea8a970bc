import HTTP
import IO
import Lab
import Server
import SoftToken
import TLS

/// The lab's certificates: the CA for clients to trust, never its key, and certificates for devices to present.
enum AuthorityRoutes {
    static func authority(_ call: AdminCall) async throws -> AdminAnswer {
        .text(call.installation.certificates.pki.authority, FieldValue("application/x-pem-file"))
    }

    static let formats = PKI.ExportFormat.allCases.map(\.rawValue)

    static func export(_ call: AdminCall) async throws -> AdminAnswer {
        let format = try call.parameter("format", "one of \(formats.joined(separator: ", "))") {
            PKI.ExportFormat(rawValue: $0)
        }
        let bytes = try call.installation.certificates.pki.export(format ?? .pem)
        switch format ?? .pem {
        case .pem: return .text(bytes, FieldValue("application/x-pem-file"))
        case .der: return .text(bytes, FieldValue("application/pkix-cert"))
        case .fortios: return .text(bytes, .plainText)
        }
    }

    static func issue(_ call: AdminCall) async throws -> AdminAnswer {
        // It is issued to whoever is named, also where no lab has the unit; so only the form can be wrong.
        guard let serial = Serial(call.name("serial")) else {
            let form = "up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001"
            throw Problem.invalid("serial must be \(form), not \(quoted(call.name("serial")))", at: "serial")
        }
        let body = try BodyFields(call.request, keys: ["format", "password"])
        let isPKCS12 = try body.text("format", "pem or pkcs12") { ["pem": false, "pkcs12": true][$0] } ?? false
        let password = try body.text("password", "a text") { $0.isEmpty ? nil : $0 }
        guard isPKCS12 || password == nil else {
            throw Problem.invalid("a password is for pkcs12 alone; PEM keys are not encrypted", at: "password")
        }
        let pki = call.installation.certificates.pki
        let bytes = try await call.aside(named: "pki") {
            let certificate = try pki.deviceCertificate(for: serial.description, now: LabClock.hostNow)
            return isPKCS12 ? try certificate.pkcs12(password: password ?? "") : certificate.pem
        }
        let headers = [ResponseField("Cache-Control", "no-store")]
        let type = FieldValue(isPKCS12 ? "application/x-pkcs12" : "application/x-pem-file")
        return AdminAnswer(status: .ok, contentType: type, body: bytes, fields: headers)
    }
}

extension RouteTable {
    private static let pemType = "application/x-pem-file"

    static let authority: [Route] = [
        Route(
            "GET",
            "/api/v1/pki/ca.pem",
            Operation(
                id: "getAuthority",
                tag: "pki",
                summary: "Give the lab CA for clients to trust, in PEM.",
                answers: [.init(status: .ok, meaning: "The certificate.", schema: Schemas.text, mediaTypes: [pemType])]
            ),
            AuthorityRoutes.authority
        ),
        Route(
            "GET",
            "/api/v1/pki/export",
            Operation(
                id: "exportAuthority",
                tag: "pki",
                summary: "Give the lab CA in another form; fortios is a snippet for that command line.",
                query: [.choice("format", "Which form; pem without it.", AuthorityRoutes.formats)],
                answers: [
                    .init(
                        status: .ok,
                        meaning: "The certificate.",
                        schema: Schemas.text,
                        mediaTypes: [pemType, "application/pkix-cert", "text/plain"]
                    )
                ],
                problems: [.unprocessableContent]
            ),
            AuthorityRoutes.export
        ),
        Route(
            "POST",
            "/api/v1/pki/devices/{serial}",
            Operation(
                id: "issueDeviceCertificate",
                tag: "pki",
                summary: "Issue a client certificate for a device, with its key.",
                body: .init(schema: "DeviceCertificateOrder", isOptional: true),
                answers: [
                    .init(
                        status: .ok,
                        meaning: "Key, certificate and chain.",
                        schema: Schemas.text,
                        mediaTypes: [pemType, "application/x-pkcs12"]
                    )
                ],
                problems: [.unprocessableContent]
            ),
            AuthorityRoutes.issue
        ),
    ]
}
