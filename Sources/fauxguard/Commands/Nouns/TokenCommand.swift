import ArgumentParser
import Client
import Notation

/// `fauxguard token`: the soft tokens of the licenses.
struct TokenCommand: Noun {
    static let configuration = does(
        name: "token",
        "Show, lock, release and expire tokens.",
        "token list --license EFTM000000000002 --state available",
        "token lock FTKMOB947FDC1754",
        verbs: [List.self, Show.self, Lock.self, Unlock.self, Release.self, Expire.self]
    )

    static let key = "serial"
    static let members = [
        "serial", "license", "state", "locked", "type", "period", "digits", "seed", "activationCode",
        "activationExpires", "mobileID", "regID", "osVersion",
    ]

    static let states = ["available", "pending", "provisioned", "expired", "locked"]

    struct List: ListCommand {
        typealias Kind = TokenCommand
        static let configuration = does(
            "List the tokens.",
            "token list",
            "token list --license EFTM000000000002 --state available"
        )

        @Option(help: .init("Only those of this license.", valueName: "number"), completion: LicenseCommand.completion)
        var license: String?

        @Option(
            help: .init("Only those in this state: \(states.joined(separator: ", ")).", valueName: "state"),
            completion: .list(states)
        )
        var state: String?

        @OptionGroup var page: PageOptions

        func validate() throws {
            try Choice.check(state, "--state", in: states)
        }

        var query: OutgoingRequest.Query {
            [("license", license), ("state", state)].compactMap { name, value in value.map { (name, $0) } }
        }

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [
                .init("SERIAL", "serial"), .init("LICENSE", "license"), .init("STATE", "state").styled(style),
                .init("ACTIVATION CODE", "activationCode"), .init("EXPIRES", "activationExpires").dispensable,
                .init("PHONE", "mobileID").dispensable,
            ]
        }
    }

    private static func style(_ state: String) -> Terminal.Style? {
        switch state {
        case "provisioned": .good
        case "expired", "locked": .bad
        default: nil
        }
    }

    struct Show: Verb {
        static let configuration = does("Show a token, its seed included.", "token show FTKMOB947FDC1754")
        static let request = VerbRequest.show

        @OptionGroup var subject: One<TokenCommand>
    }

    struct Lock: TokenVerb {
        static let configuration = does("Lock tokens: their owners are refused.", "token lock FTKMOB947FDC1754")
        static let done: String? = "locked"

        @OptionGroup var subject: Each<TokenCommand>
    }

    struct Unlock: TokenVerb {
        static let configuration = does("Unlock tokens.", "token unlock FTKMOB947FDC1754 FTKMOB00000010CC")
        static let done: String? = "unlocked"

        @OptionGroup var subject: Each<TokenCommand>
    }

    struct Release: TokenVerb {
        static let configuration = does(
            "Make tokens available again: activation code and phone are dropped.",
            "token release FTKMOB947FDC1754"
        )
        static let done: String? = "released"

        @OptionGroup var subject: Each<TokenCommand>
    }

    struct Expire: TokenVerb {
        static let configuration = does("End the activation codes of tokens now.", "token expire FTKMOB947FDC1754")
        static let done: String? = "expired"

        @OptionGroup var subject: Each<TokenCommand>
    }
}

/// A verb behind which a token's state is told.
protocol TokenVerb: Verb {}

extension TokenVerb {
    static func told(_ answer: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
        done.map { ["\($0) \(name): \(answer["state"].shown)"] }
    }
}
