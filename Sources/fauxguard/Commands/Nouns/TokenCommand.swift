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
        static let configuration = CommandConfiguration(
            abstract: "List the tokens.",
            discussion: """
                EXAMPLES
                  fauxguard token list
                  fauxguard token list --license EFTM000000000002 --state available
                """
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
        static let configuration = CommandConfiguration(
            abstract: "Show a token, its seed included.",
            discussion: """
                EXAMPLES
                  fauxguard token show FTKMOB947FDC1754
                """
        )

        @Argument(help: "The token's serial.", completion: Completions.tokens)
        var serial: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.get, session.path("tokens", serial)), in: members)
        }
    }

    /// Does one of the token's verbs to each of these.
    private static func act(_ verb: String, _ done: String, _ serials: [String], _ session: AdminSession)
        throws(CommandFailure)
    {
        for serial in serials {
            let answer = try session.ask(.post, session.path("tokens", serial, verb))
            session.show(answer) { ["\(done) \(serial): \($0["state"].shown)"] }
        }
    }

    struct Lock: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock tokens: their owners are refused.",
            discussion: """
                EXAMPLES
                  fauxguard token lock FTKMOB947FDC1754
                """
        )

        @Argument(help: "The tokens' serials.", completion: Completions.tokens)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try act("lock", "locked", serials, session)
        }
    }

    struct Unlock: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Unlock tokens.",
            discussion: """
                EXAMPLES
                  fauxguard token unlock FTKMOB947FDC1754 FTKMOB00000010CC
                """
        )

        @Argument(help: "The tokens' serials.", completion: Completions.tokens)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try act("unlock", "unlocked", serials, session)
        }
    }

    struct Release: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make tokens available again: activation code and phone are dropped.",
            discussion: """
                EXAMPLES
                  fauxguard token release FTKMOB947FDC1754
                """
        )

        @Argument(help: "The tokens' serials.", completion: Completions.tokens)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try act("release", "released", serials, session)
        }
    }

    struct Expire: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the activation codes of tokens now.",
            discussion: """
                EXAMPLES
                  fauxguard token expire FTKMOB947FDC1754
                """
        )

        @Argument(help: "The tokens' serials.", completion: Completions.tokens)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try act("expire", "expired", serials, session)
        }
    }
}
