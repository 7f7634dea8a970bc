import ArgumentParser
import HTTP
import Notation

/// What the API has several of, as a noun of the command line.
protocol Noun: ParsableCommand {
    associatedtype Filter: ListFilter = NoFilter

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
    /// What its verb `list` says of itself.
    static var listing: CommandConfiguration { get }

    /// The columns of a table of these.
    static func columns(for items: [JSONValue], _ session: AdminSession) throws(CommandFailure) -> [Table.Column]
    /// The lines that show one.
    static func lines(of one: JSONValue, for terminal: Terminal) -> [String]
}

extension Noun {
    static var noun: String { "\(self as Any.Type)".dropLast("Command".count).lowercased() }
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

    /// The names of one or more.
    init(ofEach noun: any Noun.Type) where Value == [String] {
        self.init(
            help: ArgumentHelp("The \(noun.noun)s' \(noun.key)s.", valueName: noun.key + "s"),
            completion: noun.completion
        )
    }
}

/// Which of all are listed.
protocol ListFilter: ParsableArguments {
    var query: [(name: String, value: String)] { get }
}

/// The filter of a list that has none.
struct NoFilter: ListFilter {
    var query: [(name: String, value: String)] { [] }
}

/// `list`: all of a noun, as a table.
struct List<N: Noun>: AdminCommand {
    static var _commandName: String { "list" }
    static var configuration: CommandConfiguration { N.listing }

    @OptionGroup var filter: N.Filter
    @OptionGroup var options: AdminOptions
    @OptionGroup var page: PageOptions

    func perform(_ session: AdminSession) throws(CommandFailure) {
        let items = try session.items(N.path(in: session), query: filter.query, limit: page.limit)
        if !session.printsJSON { session.tabulate(N.plural, items, try N.columns(for: items, session)) }
    }
}

/// A verb that is one request about one thing, without a word beside the thing's name.
protocol Verb {
    static var configuration: CommandConfiguration { get }
    static var request: VerbRequest { get }
    /// What is said of it before the thing's name; nil where the thing is shown.
    static var done: String? { get }

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

    static var name: String { "\(self as Any.Type)".lowercased() }

    static func told(_ answer: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
        done.map { ["\($0) \(name)"] }
    }

    /// Does it to the thing of this name, and prints what came of it.
    static func perform<N: Noun>(_ name: String, of noun: N.Type, _ session: AdminSession) throws(CommandFailure) {
        let answer =
            switch request {
            case .show: try session.ask(.get, N.path(name, in: session))
            case .deed: try session.ask(.post, N.path(name, Self.name, in: session))
            case .change(let members): try session.ask(.patch, N.path(name, in: session), body: members)
            case .remove: try session.ask(.delete, N.path(name, in: session))
            }
        session.show(answer) { told($0, of: name, session) ?? N.lines(of: $0, for: session.terminal) }
    }
}

/// A verb that is done to one thing.
struct One<N: Noun, V: Verb>: AdminCommand {
    static var _commandName: String { V.name }
    static var configuration: CommandConfiguration { V.configuration }

    @Argument(help: ArgumentHelp("The \(N.noun)'s \(N.key).", valueName: N.key), completion: N.completion)
    var name: String

    @OptionGroup var options: AdminOptions

    func perform(_ session: AdminSession) throws(CommandFailure) { try V.perform(name, of: N.self, session) }
}

/// A verb that is done to each of several things.
struct Each<N: Noun, V: Verb>: AdminCommand {
    static var _commandName: String { V.name }
    static var configuration: CommandConfiguration { V.configuration }

    @Argument(ofEach: N.self) var names: [String]
    @OptionGroup var options: AdminOptions

    func perform(_ session: AdminSession) throws(CommandFailure) {
        for name in names { try V.perform(name, of: N.self, session) }
    }
}
