import ArgumentParser
import HTTP
import Notation

/// `fauxguard token`: the soft tokens of the licenses.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Show, lock, release and expire tokens.",
        discussion: """
            EXAMPLES
              fauxguard token list --license EFTM000000000002 --state available
              fauxguard token lock FTKMOB947FDC1754
            """,
        subcommands: [List.self, Show.self, Lock.self, Unlock.self, Release.self, Expire.self]
    )

    static let members = [
        "serial", "license", "state", "locked", "type", "period", "digits", "seed", "activationCode",
        "activationExpires",
        "mobileID", "regID", "osVersion",
    ]

    static let states = ["available", "pending", "provisioned", "expired", "locked"]

    struct List: AdminCommand {
        static let configuration = does(
            "List the tokens.",
            "token list",
            "token list --license EFTM000000000002 --state available"
        )

        @Option(
            help: ArgumentHelp("Only those of this license.", valueName: "number"),
            completion: Completions.licenses
        )
        var license: String?

        @Option(
            help: ArgumentHelp("Only those in this state: \(states.joined(separator: ", ")).", valueName: "state"),
            completion: .list(states)
        )
        var state: String?

        @OptionGroup var options: AdminOptions
        @OptionGroup var page: PageOptions

        func validate() throws {
            try Choice.check(state, "--state", in: states)
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            var query: [(name: String, value: String)] = []
            if let license { query.append(("license", license)) }
            if let state { query.append(("state", state)) }
            try session.list(
                "tokens",
                session.path("tokens"),
                query: query,
                limit: page.limit,
                [
                    .init("SERIAL", "serial"), .init("LICENSE", "license"),
                    .init("STATE", "state").styled(TokenCommand.style), .init("ACTIVATION CODE", "activationCode"),
                    .init("EXPIRES", "activationExpires").dispensable, .init("PHONE", "mobileID").dispensable,
                ]
            )
        }
    }

    private static func style(_ state: String) -> Terminal.Style? {
        switch state {
        case "provisioned": .good
        case "expired", "locked": .bad
        default: nil
        }
    }

    struct Show: AdminCommand {
        static let configuration = does("Show a token, its seed included.", "token show FTKMOB947FDC1754")

        @Argument(help: "The token's serial.", completion: Completions.tokens)
        var serial: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.get, session.path("tokens", serial)), in: members)
        }
    }

    /// The tokens that are meant.
    struct Several: ParsableArguments {
        @Argument(help: "The tokens' serials.", completion: Completions.tokens)
        var serials: [String]
    }

    struct Lock: TokenVerb {
        static let configuration = does("Lock tokens: their owners are refused.", "token lock FTKMOB947FDC1754")
        static let done = "locked"

        @OptionGroup var tokens: Several
        @OptionGroup var options: AdminOptions
    }

    struct Unlock: TokenVerb {
        static let configuration = does("Unlock tokens.", "token unlock FTKMOB947FDC1754 FTKMOB00000010CC")
        static let done = "unlocked"

        @OptionGroup var tokens: Several
        @OptionGroup var options: AdminOptions
    }

    struct Release: TokenVerb {
        static let configuration = does(
            "Make tokens available again: activation code and phone are dropped.",
            "token release FTKMOB947FDC1754"
        )
        static let done = "released"

        @OptionGroup var tokens: Several
        @OptionGroup var options: AdminOptions
    }

    struct Expire: TokenVerb {
        static let configuration = does("End the activation codes of tokens now.", "token expire FTKMOB947FDC1754")
        static let done = "expired"

        @OptionGroup var tokens: Several
        @OptionGroup var options: AdminOptions
    }
}

/// A verb of the API's that is done to each of several tokens.
protocol TokenVerb: AdminCommand {
    /// What was done, behind which the token is named.
    static var done: String { get }
    var tokens: TokenCommand.Several { get }
}

extension TokenVerb {
    func perform(_ session: AdminSession) throws(CommandFailure) {
        for serial in tokens.serials {
            let answer = try session.ask(.post, session.path("tokens", serial, Self._commandName))
            session.show(answer) { ["\(Self.done) \(serial): \($0["state"].shown)"] }
        }
    }
}
