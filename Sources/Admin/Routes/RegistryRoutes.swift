import Documents
import HTTP
import IO
import Lab
import Notation
import Registry
import Server

/// The whole registry as one document: given, replaced, merged, checked.
enum RegistryRoutes {
    static func export(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let format = try format(of: call)
        let export = try lab.store.makeExport(as: format, now: lab.clock.now)
        return AdminAnswer(
            status: .ok,
            contentType: format == .json ? .json : FieldValue("application/yaml"),
            fields: .unstored,
            stream: RegistryStream(export)
        )
    }

    /// The form that the client asks for: with `format`, or else by `Accept`.
    private static func format(of call: AdminCall) throws(Problem) -> DocumentFormat {
        let asked = try call.parameter("format", "json or yaml") { DocumentFormat(rawValue: $0) }
        return asked ?? (call.request.accept.contains("yaml") ? .yaml : .json)
    }

    static func replace(_ call: AdminCall) async throws -> AdminAnswer {
        let chance = try call.lab().chance
        return try await call.reading(DocumentDraft.read) { draft in
            let document = try await call.aside(named: "import") { try draft.completed(chance) }
            return try await change(call) { lab, facts in
                .json(.counts(try await lab.store.replace(with: document, facts: facts)))
            }
        }
    }

    static func merge(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try call.lab()
        return try await call.reading(DocumentDraft.read) { draft in
            try await change(call) { lab, facts in
                switch try await lab.store.merge(draft, lab.chance, facts: facts) {
                case .merged(let all): .json(.counts(all))
                case .refused(let error): throw error
                }
            }
        }
    }

    static func validate(_ call: AdminCall) async throws -> AdminAnswer {
        let chance = try call.lab().chance
        return try await call.reading(DocumentDraft.read) { draft in
            let document = try await call.aside(named: "import") { try draft.completed(chance) }
            return .json(.counts(document.counts))
        }
    }

    /// Changes the whole registry, alone; the first document is what a reset comes back to.
    private static func change(
        _ call: AdminCall,
        _ body: (Lab, RegistryFacts) async throws -> AdminAnswer
    ) async throws -> AdminAnswer {
        try await call.alone { lab in
            let answer = try await body(lab, call.installation.folder.originFacts(of: lab))
            do {
                try await call.installation.folder.keepOrigin(of: lab)
            } catch {
                var problem = Problem(error)
                // Taking the document out again would need the very room that there is not; the next start tries again.
                problem.detail = "the document is in force, but can't be kept for a reset: \(problem.detail)"
                throw problem
            }
            return answer
        }
    }
}

extension Route {
    /// A registry document, and the counts of what it comes to.
    fileprivate var takesDocument: Route {
        takes("RegistryInput", as: Route.Body.documentTypes, upTo: RegistryDocument.sizeLimit)
            .gives("RegistryCounts").refuses(.conflict, .serviceUnavailable)
    }
}

/// An export on its way out, some hundreds of rows at a time.
private final class RegistryStream: BodyStream {
    private let export: RegistryExport

    init(_ export: RegistryExport) {
        self.export = export
    }

    var isEndless: Bool { false }

    func next(into body: inout [UInt8]) -> BodyStep {
        do throws(StoreError) {
            return try export.next(into: &body) ? .piece : .end
        } catch {
            return .failed("the export broke off: \(error)")
        }
    }
}

extension RouteTable {
    static let registry: [Route] = [
        Route("GET", "", "exportRegistry", RegistryRoutes.export)
            .does("Export the whole registry, secrets included, as one state, in JSON or YAML.")
            .asks([.choice("format", "Which form; without it, Accept decides.", ["json", "yaml"])])
            .gives(
                .ok,
                "The registry document.",
                schema: Schemas.reference("RegistryDocument"),
                mediaTypes: Route.Body.documentTypes
            ),
        Route("PUT", "", "replaceRegistry", RegistryRoutes.replace)
            .does(
                "Replace the whole registry; a document with an error changes nothing. Two of more than 1 MiB at once; "
                    + "a further one is answered 503 with Retry-After."
            )
            .takesDocument,
        Route("POST", "", "mergeRegistry", RegistryRoutes.merge)
            .does("Merge a document: what it lists replaces or joins what is there.").takesDocument,
        Route("POST", "/validate", "validateRegistry", RegistryRoutes.validate)
            .does("Check a document and change nothing.").takesDocument,
    ]
}
