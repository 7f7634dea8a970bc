import Documents
import Faults
import HTTP
import IO
import Journal
import Lab
import Notation
import Registry
import TLS

/// Why a request to the admin plane was refused, as RFC 9457 has it said (`application/problem+json`).
struct Problem: Error, Sendable {
    /// The status, which the document repeats.
    var status: Status
    /// The kind of problem, the last part of its URI: `urn:fauxguard:problem:` and this.
    var kind: String
    /// What is wrong with this request, in one sentence that names what and where.
    var detail: String
    /// Further members of the document.
    var members: [JSONValue.Member] = []
    /// Further fields of the head, such as `Allow`.
    var fields: [ResponseField] = []

    /// The document as it is sent: it repeats what it refuses, which may be a code, a seed or a token.
    var bytes: [UInt8] {
        let document: JSONValue = [
            "type": .string("urn:fauxguard:problem:\(kind)"), "title": .string(status.reason),
            "status": .integer(status.code), "detail": .string(detail),
        ]
        return Redaction.redacted(JSONValue.object(document.members + members).bytes) + [UInt8(ascii: "\n")]
    }

    /// Names that may have been meant, if there are any.
    mutating func suggest(_ names: [String]) {
        if !names.isEmpty { members["suggestions"] = .texts(names) }
    }

    static let contentType = FieldValue("application/problem+json")
}

/// The kinds that there are.
extension Problem {
    /// The bytes are not what their media type says, or the target can't be read.
    static func malformed(_ detail: String) -> Problem {
        Problem(status: .badRequest, kind: "malformed", detail: detail)
    }

    /// Well-formed, and a value in it is not one that can be.
    static func invalid(_ detail: String, at path: String? = nil) -> Problem {
        let members = path.map { [JSONValue.Member("path", .string($0))] } ?? []
        return Problem(status: .unprocessableContent, kind: "invalid", detail: detail, members: members)
    }

    /// Nothing has this name; `suggestions` are names like it.
    static func notFound(_ detail: String, suggestions: [String] = []) -> Problem {
        var problem = Problem(status: .notFound, kind: "not-found", detail: detail)
        problem.suggest(suggestions)
        return problem
    }

    /// The state of things does not allow it.
    static func conflict(_ detail: String) -> Problem { Problem(status: .conflict, kind: "conflict", detail: detail) }

    /// The disk, or something else that is needed, does not work for now.
    static func unavailable(_ detail: String) -> Problem {
        Problem(status: .serviceUnavailable, kind: "unavailable", detail: detail)
    }

    /// Too many of one kind go on.
    static func crowded(_ detail: String, _ status: Status) -> Problem {
        Problem(status: status, kind: "crowded", detail: detail, fields: [ResponseField("Retry-After", "1")])
    }

    /// Every place of the plane is taken, or every one that an address may have.
    static func noPlace(of places: Int, perAddress: Int) -> Problem {
        .crowded(
            "the admin plane's \(places) connections are open (limits.adminConnections), or the \(perAddress) that one "
                + "address may have (limits.adminConnectionsPerAddress); /healthz, /readyz and /metrics answer all the same",
            .serviceUnavailable
        )
    }

    /// Understood and refused, whoever asks from there.
    static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, kind: "forbidden", detail: detail)
    }

    /// No token.
    static let unauthorized = unauthorized("this admin plane needs its bearer token", "Bearer")

    /// A wrong token, or credentials of another kind (RFC 6750, section 3.1).
    static let wrongToken = unauthorized(
        "the Authorization field does not hold this admin plane's bearer token",
        "Bearer error=\"invalid_token\""
    )

    private static func unauthorized(_ detail: String, _ challenge: StaticString) -> Problem {
        let fields = [ResponseField("WWW-Authenticate", challenge)]
        return Problem(status: .unauthorized, kind: "unauthorized", detail: detail, fields: fields)
    }

    /// The path takes other methods.
    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        let list = allowed.sorted().joined(separator: ", ")
        var problem = Problem(status: .methodNotAllowed, kind: "method-not-allowed", detail: "this path takes \(list)")
        if let field = try? ResponseField(name: "Allow", value: list) { problem.fields = [field] }
        return problem
    }

    /// A body of a kind that is not taken here.
    static func unsupported(_ type: String, takes: [String]) -> Problem {
        let form = type.isEmpty ? "a body without a media type" : "\"\(type)\""
        return .unsupported("\(form) is not taken here, only \(takes.joined(separator: " or "))")
    }

    /// A body whose text is in another encoding than UTF-8.
    static func encoded(_ name: String) -> Problem {
        .unsupported("the body is in \(name), and only UTF-8 is read here")
    }

    private static func unsupported(_ detail: String) -> Problem {
        Problem(status: .unsupportedMediaType, kind: "unsupported-media-type", detail: detail)
    }

    /// A body over the bound of its path.
    static func tooLarge(_ limit: Int) -> Problem {
        let detail = "the body is larger than the \(limit) bytes that this path takes"
        return Problem(status: .contentTooLarge, kind: "too-large", detail: detail)
    }
}

/// What errors of the modules below are to whoever asked.
extension Problem {
    /// Any error: what the disk or the registry refuses is said, anything else is a failure of this server.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as JournalFilterError: self.init(error)
        case let error as JSONTextError: self = .malformed("the body is no JSON that is taken: \(error)")
        case let error as StoreError: self.init(error)
        case let error as DocumentError: self.init(error)
        case let error as RuleDefect: self.init(rule: DocumentError(error))
        case let error as LabFolderError: self.init(error)
        case let error as SystemError: self = .unavailable("\(error)")
        case let error as PKIError: self.init(error)
        default: self.init(status: .internalServerError, kind: "failure", detail: "the server failed: \(error)")
        }
    }

    /// Brings back a snapshot, or the registry as first loaded.
    ///
    /// A file that can't be used is a conflict: it stays so, however often it is tried.
    static func restoring(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as StoreError where [.foreign, .newer].contains(error.kind) {
            throw Problem.conflict("\(error.operation): \(error.message)")
        }
    }

    /// A registry that can't be read or written for now, or that contradicts what was asked.
    init(_ error: StoreError) {
        switch error.kind {
        case .conflict: self = .conflict(error.message)
        case .full: self = .unavailable("the disk is full (\(error.operation))")
        case .closed: self = .notFound("the lab is gone")
        default: self = .unavailable("\(error.operation): \(error.message)")
        }
    }

    /// A document that is refused whole: the first thing that is wrong as members of its own, and all in a list.
    init(_ error: DocumentError) {
        guard error.kind != .stopped else {
            self = .unavailable("the server is stopping")
            return
        }
        let more = error.others.count + error.untold
        let detail = error.sentence(withHint: false) + (more == 0 ? "" : " (and \(more) more)")
        // Only where nothing is wrong by itself does the document's matter contradict what there is.
        self = error.all.allSatisfy(\.isContradiction) ? .conflict(detail) : .invalid(detail)
        kind = "bad-document"
        members += Self.members(of: error)
        members["errors"] = .array(error.all.map { .object(Self.members(of: $0)) })
        if error.untold > 0 { members["untold"] = .integer(error.untold) }
    }

    /// Fault rules that can't work.
    init(rule error: DocumentError) {
        self.init(error)
        if kind == "bad-document" { kind = "bad-rule" }
    }

    static func members(of error: DocumentError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if !error.path.isEmpty { members["path"] = .string(error.path) }
        members["line"] = error.line.map { .integer($0) }
        members["reason"] = .string(error.reason)
        if !error.suggestions.isEmpty { members["suggestions"] = .texts(error.suggestions) }
        return members
    }

    /// A lab's folder that can't be used.
    init(_ error: LabFolderError) {
        switch error {
        case .store(let error): self.init(error)
        case .badName(let name):
            self = .invalid(
                "\(quoted(name)) is no name: 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit",
                at: "name"
            )
        case .taken(let what): self = .conflict("\(what) is there already")
        case .missing(let what): self = .notFound("no \(what)")
        case .file(let reason): self = .unavailable(reason)
        }
    }

    /// A certificate that can't be made.
    init(_ error: PKIError) {
        switch error {
        case .invalidSerial: self = .invalid("\(error)", at: "serial")
        case .invalidPassword: self = .invalid("\(error)", at: "password")
        case .outsideRoot: self = .conflict("\(error)")
        default: self = .unavailable("\(error)")
        }
    }
}
