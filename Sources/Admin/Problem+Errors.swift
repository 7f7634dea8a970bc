import Documents
import Faults
import HTTP
import IO
import Lab
import Notation
import Registry
import TLS

/// What errors of the modules below are to whoever asked.
extension Problem {
    /// Any error: what the disk or the registry refuses is said, anything else is a failure of this server.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError: self.init(error)
        case let error as DocumentError: self.init(error)
        case let error as RuleDefect: self.init(rule: DocumentError(error))
        case let error as LabFolderError: self.init(error)
        case let error as SystemError: self = .unavailable("\(error)")
        case let error as PKIError: self.init(error)
        default:
            self.init(status: .internalServerError, kind: "failure", detail: "the server failed: \(error)")
        }
    }

    /// What kept a snapshot, or the registry as first loaded, from being brought back.
    ///
    /// A file that can't be used is a conflict: it stays so, however often it is tried.
    init(restoring error: any Error) {
        switch error {
        case let error as StoreError where [.foreign, .newer].contains(error.kind):
            self = .conflict("\(error.operation): \(error.message)")
        default: self.init(error)
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
        let list = error.all.map { JSONValue.object(Self.members(of: $0)) }
        members.append(.init("errors", .array(list)))
        if error.untold > 0 { members.append(.init("untold", .integer(error.untold))) }
    }

    /// Fault rules that can't work.
    init(rule error: DocumentError) {
        self.init(error)
        if kind == "bad-document" { kind = "bad-rule" }
    }

    private static func members(of error: DocumentError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if !error.path.isEmpty { members.append(.init("path", .string(error.path))) }
        if let line = error.line { members.append(.init("line", .integer(line))) }
        members.append(.init("reason", .string(error.reason)))
        guard !error.suggestions.isEmpty else { return members }
        let suggestions = error.suggestions.map { JSONValue.string($0) }
        return members + [.init("suggestions", .array(suggestions))]
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
