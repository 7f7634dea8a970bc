import ArgumentParser
import Client
import HTTP
import Notation

/// What the API has several of, as a noun of the command line.
protocol Noun: ParsableCommand {
    /// One of them, as people call it.
    static var noun: String { get }
    /// The member that names one.
    static var key: String { get }
    /// All of them, as the API's paths call them.
    static var list: String { get }
    /// The same for people.
    static var plural: String { get }
    /// Whether each lab has its own.
    static var isOfLab: Bool { get }
    /// The members of one, in the order in which they are shown.
    static var members: [String] { get }

    /// The lines that show one.
    static func lines(of one: JSONValue, for terminal: Terminal) -> [String]
}

extension Noun {
    static var noun: String { configuration.commandName ?? "" }
    static var key: String { "name" }
    static var list: String { noun + "s" }
    static var plural: String { list }
    static var isOfLab: Bool { true }

    /// The names that the running server has.
    static var completion: CompletionKind { Completions.names(list, of: key, inLab: isOfLab) }

    static func lines(of one: JSONValue, for terminal: Terminal) -> [String] {
        Table.lines(of: one, in: members, for: terminal)
    }

    /// The path of all, or of what these parts name below that.
    static func path(_ parts: String..., in session: AdminSession) throws(CommandFailure) -> String {
        try AdminSession.path((isOfLab ? ["labs", session.lab] : []) + [list] + parts)
    }
}

extension Argument {
    /// The name of one such thing, which a shell completes.
    init(of noun: any Noun.Type, _ help: ArgumentHelp? = nil) where Value == String {
        self.init(help: help ?? "The \(noun.noun)'s \(noun.key).", completion: noun.completion)
    }
}

/// `list`: all of a noun, as a table.
protocol ListCommand: AdminCommand {
    associatedtype Kind: Noun

    var page: PageOptions { get }
    /// Which of all are listed.
    var query: OutgoingRequest.Query { get }

    /// The columns of a table of these.
    func columns(for items: [JSONValue], _ session: AdminSession) throws(CommandFailure) -> [Table.Column]
}

extension ListCommand {
    var options: AdminOptions { page.options }
    var query: OutgoingRequest.Query { [] }

    func perform(_ session: AdminSession) throws(CommandFailure) {
        let items = try session.items(Kind.path(in: session), query: query, limit: page.limit)
        if !session.printsJSON { session.tabulate(Kind.plural, items, try columns(for: items, session)) }
    }
}

/// The things that a verb is about.
protocol Things: ParsableArguments {
    associatedtype Kind: Noun

    var options: AdminOptions { get }

    func names(in session: AdminSession) -> [String]
}

/// One, by its name.
struct One<Kind: Noun>: Things {
    @Argument(help: .init("The \(Kind.noun)'s \(Kind.key).", valueName: Kind.key), completion: Kind.completion)
    var name: String

    @OptionGroup var options: AdminOptions

    func names(in session: AdminSession) -> [String] { [name] }
}

/// One or more, by their names.
struct Each<Kind: Noun>: Things {
    @Argument(
        help: .init("The \(Kind.noun)s' \(Kind.key)s.", valueName: Kind.key + "s"),
        completion: Kind.completion
    )
    var names: [String]

    @OptionGroup var options: AdminOptions

    func names(in session: AdminSession) -> [String] { names }
}

/// A verb that is one request about each of its things, without another word.
protocol Verb: AdminCommand {
    associatedtype Subject: Things

    static var request: VerbRequest { get }
    /// What is said of it before the thing's name; nil where the thing is shown.
    static var done: String? { get }
    var subject: Subject { get }

    /// The lines for people; nil where the thing is shown.
    static func told(_ answer: JSONValue, of name: String, _ session: AdminSession) -> [String]?
}

/// What a verb asks of the API.
enum VerbRequest {
    case show
    /// The deed of the verb's name.
    case deed
    case change(JSONValue)
    case remove
}

extension Verb {
    static var request: VerbRequest { .deed }
    static var done: String? { nil }

    var options: AdminOptions { subject.options }

    static func told(_ answer: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
        done.map { ["\($0) \(name)"] }
    }

    func perform(_ session: AdminSession) throws(CommandFailure) {
        typealias Kind = Subject.Kind
        for name in subject.names(in: session) {
            let answer =
                switch Self.request {
                case .show: try session.ask(.get, Kind.path(name, in: session))
                case .deed: try session.ask(.post, Kind.path(name, Self._commandName, in: session))
                case .change(let members): try session.ask(.patch, Kind.path(name, in: session), body: members)
                case .remove: try session.ask(.delete, Kind.path(name, in: session))
                }
            session.show(answer) { Self.told($0, of: name, session) ?? Kind.lines(of: $0, for: session.terminal) }
        }
    }
}
