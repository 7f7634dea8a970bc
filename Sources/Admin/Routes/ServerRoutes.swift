import HTTP
import IO
import Notation
import Server
import Synchronization

/// The server itself: whether it lives, whether it takes work, what it counts, what can be asked of it.
enum ServerRoutes {
    static func health(_ call: AdminCall) -> AdminAnswer { .json(["status": "alive"]) }

    static func readiness(_ call: AdminCall) -> AdminAnswer {
        let isReady = call.installation.readiness.isReady
        return .json(["status": isReady ? "ready" : "not ready"], status: isReady ? .ok : .serviceUnavailable)
    }

    static func metrics(_ call: AdminCall) -> AdminAnswer {
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
        Route(
            "GET",
            "/healthz",
            Operation(id: "health", tag: "server", summary: "Say that the process answers.", answers: [.ok("Health")])
        ) { ServerRoutes.health($0) },
        Route(
            "GET",
            "/readyz",
            Operation(
                id: "readiness",
                tag: "server",
                summary: "Say whether every listener accepts.",
                answers: [
                    .ok("Readiness"),
                    .init(
                        status: .serviceUnavailable,
                        meaning: "It does not take work, or no more.",
                        schema: Schemas.reference("Readiness")
                    ),
                ]
            )
        ) { ServerRoutes.readiness($0) },
        Route(
            "GET",
            "/metrics",
            Operation(
                id: "metrics",
                tag: "server",
                summary: "Give everything that is counted, as Prometheus reads it.",
                answers: [
                    .init(status: .ok, meaning: "The values.", schema: Schemas.text, mediaTypes: ["text/plain"])
                ]
            )
        ) { ServerRoutes.metrics($0) },
        Route(
            "GET",
            "/openapi.json",
            Operation(
                id: "openAPI",
                tag: "server",
                summary: "Give this document.",
                answers: [.init(status: .ok, meaning: "OpenAPI 3.1.", schema: ["type": "object"])]
            )
        ) { try await ServerRoutes.openAPI($0) },
    ]
}
