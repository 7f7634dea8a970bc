import HTTP
import IO
import Lab
import Notation
import Server
import SoftToken
import Synchronization
import TLS

/// The server itself: whether it lives, whether it takes work, what it counts, what can be asked of it.
enum ServerRoutes {
    static func health(_ call: AdminCall) async throws -> AdminAnswer { .json(["status": "alive"]) }

    static func readiness(_ call: AdminCall) async throws -> AdminAnswer {
        let isReady = call.installation.readiness.isReady
        return .json(["status": isReady ? "ready" : "not ready"], status: isReady ? .ok : .serviceUnavailable)
    }

    static func metrics(_ call: AdminCall) async throws -> AdminAnswer {
        .text(call.installation.metrics.text, FieldValue("text/plain; version=0.0.4; charset=utf-8"))
    }

    static func openAPI(_ call: AdminCall) async throws -> AdminAnswer {
        let profiles = await call.installation.certificates.profileNames()
        if let known = document.withLock({ $0 }), known.profiles == profiles { return .text(known.text, .json) }
        let text = try await call.aside(named: "openapi") {
            // Others may have waited for the same.
            if let known = document.withLock({ $0 }), known.profiles == profiles { return known.text }
            let text = OpenAPIDocument.value(of: .all, profiles: profiles).bytes
            document.withLock { $0 = (profiles, text) }
            return text
        }
        return .text(text, .json)
    }

    /// Written once: it says the same as long as the profiles are the same.
    private static let document = Mutex<(profiles: [String], text: [UInt8])?>(nil)
}

extension RouteTable {
    static let server: [Route] = [
        Route("GET", "/healthz", "health", ServerRoutes.health).does("Say that the process answers.").gives("Health"),
        Route("GET", "/readyz", "readiness", ServerRoutes.readiness)
            .does("Say whether every listener accepts.").gives("Readiness")
            .gives(.serviceUnavailable, "It does not take work, or no more.", schema: Schemas.reference("Readiness")),
        Route("GET", "/metrics", "metrics", ServerRoutes.metrics)
            .does("Give everything that is counted, as Prometheus reads it.")
            .gives(.ok, "The values.", schema: Schemas.text, mediaTypes: ["text/plain"]),
        Route("GET", "/openapi.json", "openAPI", ServerRoutes.openAPI)
            .does("Give this document.").gives(.ok, "OpenAPI 3.1.", schema: ["type": "object"]),
    ]
}

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
        let type =
            switch format ?? .pem {
            case .pem: FieldValue("application/x-pem-file")
            case .der: FieldValue("application/pkix-cert")
            case .fortios: FieldValue.plainText
            }
        return .text(try call.installation.certificates.pki.export(format ?? .pem), type)
    }

    static func issue(_ call: AdminCall) async throws -> AdminAnswer {
        // It is issued to whoever is named, also where no lab has the unit; so only the form can be wrong.
        let name = call.name("serial")
        guard let serial = Serial(name) else {
            let form = "up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001"
            throw Problem.invalid("serial must be \(form), not \(quoted(name))", at: "serial")
        }
        let body = try BodyFields(call.request, keys: ["format", "password"])
        let isPKCS12 = body.text("format", "pem or pkcs12") { ["pem": false, "pkcs12": true][$0] } ?? false
        let password = body.text("password", "a text") { $0.isEmpty ? nil : $0 }
        try body.check()
        guard isPKCS12 || password == nil else {
            throw Problem.invalid("a password is for pkcs12 alone; PEM keys are not encrypted", at: "password")
        }
        let pki = call.installation.certificates.pki
        let bytes = try await call.aside(named: "pki") {
            let certificate = try pki.deviceCertificate(for: serial.description, now: LabClock.hostNow)
            return isPKCS12 ? try certificate.pkcs12(password: password ?? "") : certificate.pem
        }
        let type = FieldValue(isPKCS12 ? "application/x-pkcs12" : "application/x-pem-file")
        return AdminAnswer(status: .ok, contentType: type, body: bytes, fields: .unstored)
    }
}

extension RouteTable {
    private static let pemType = "application/x-pem-file"

    static let authority: [Route] = [
        Route("GET", "/ca.pem", "getAuthority", AuthorityRoutes.authority)
            .does("Give the lab CA for clients to trust, in PEM.")
            .gives(.ok, "The certificate.", schema: Schemas.text, mediaTypes: [pemType]),
        Route("GET", "/export", "exportAuthority", AuthorityRoutes.export)
            .does("Give the lab CA in another form; fortios is a snippet for that command line.")
            .asks([.choice("format", "Which form; pem without it.", AuthorityRoutes.formats)])
            .gives(
                .ok,
                "The certificate.",
                schema: Schemas.text,
                mediaTypes: [pemType, "application/pkix-cert", "text/plain"]
            ),
        Route("POST", "/devices/{serial}", "issueDeviceCertificate", AuthorityRoutes.issue)
            .does("Issue a client certificate for a device, with its key.")
            .takes("DeviceCertificateOrder", isOptional: true)
            .gives(
                .ok,
                "Key, certificate and chain.",
                schema: Schemas.text,
                mediaTypes: [pemType, "application/x-pkcs12"]
            )
            .forAnyName,
    ]
}
