import ArgumentParser
import Client
import HTTP
import Notation
import Registry

/// `fauxguard license`: what a redemption code stands for.
struct LicenseCommand: Noun {
    static let configuration = does(
        name: "license",
        "Issue, change, revoke, move and remove licenses.",
        "license issue --size 10 --valid-until 2027-11-21",
        "license list --owner FG100FTK20009876",
        "license transfer EFTM000000000002 --to FGT60FTK20000001",
        verbs: [
            List.self, Show.self, Issue.self, Set.self, Revoke.self,
            Unrevoke.self, Expire.self, Transfer.self, Reset.self, Remove.self,
        ]
    )

    static let key = "number"
    static let members = [
        "number", "code", "size", "validUntil", "revoked", "owner", "cluster", "activatedAt", "grace", "stale",
        "transferable", "tokens",
    ]

    struct List: ListCommand {
        typealias Kind = LicenseCommand
        static let configuration = does("List the licenses.", "license list", "license list --owner FG100FTK20009876")

        @Option(help: .init("Only those of this device.", valueName: "serial"), completion: DeviceCommand.completion)
        var owner: String?

        @OptionGroup var page: PageOptions

        var query: OutgoingRequest.Query { owner.map { [("owner", $0)] } ?? [] }

        func columns(
            for licenses: [JSONValue],
            _ session: AdminSession
        ) throws(CommandFailure) -> [Table.Column] {
            let today = try LicenseState.today(for: licenses, session)
            return [
                .init("NUMBER", "number"), .init("CODE", "code"), .init("SIZE", "size").dispensable,
                .init("VALID UNTIL", "validUntil").dispensable, .init("OWNER", "owner"),
                LicenseState.column(on: today) { state, _ in state.rawValue }
                    .orShort(LicenseState.column(on: today) { $0.sentence(until: $1) }.usually(15)),
            ]
        }
    }

    struct Show: Verb {
        static let configuration = does("Show a license.", "license show EFTM000000000002")
        static let request = VerbRequest.show

        @OptionGroup var subject: One<LicenseCommand>
    }

    struct Issue: AdminCommand {
        static let configuration = does(
            "Issue a license; the answer carries its redemption code.",
            about: "Number, code and tokens are made up from the lab's seed unless they are given.",
            "license issue",
            "license issue --size 10 --valid-until 2027-11-21",
            "license issue --size 1 --number EFTM000000000777",
            "license issue --size 2 --token FTKMOB0000000001",
            "license issue --not-transferable"
        )

        @Option(help: "How many tokens it has.", transform: Count.from(1)) var size = 5
        @Option(help: "Its number: EFTM and 12 digits.") var number: String?
        @Option(help: "Its redemption code: 20 hexadecimal digits in five groups.") var code: String?

        @Option(
            help: .init("The last day on which its code can be redeemed.", valueName: "yyyy-mm-dd"),
            transform: TimeArgument.day
        )
        var validUntil: CalendarDay?

        @Flag(help: "Do not let it be transferred; a replacement of its unit moves it all the same.")
        var notTransferable = false

        @Option(name: .customLong("token"), help: .init("A token of it; may be repeated.", valueName: "serial"))
        var tokens: [String] = []

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("size", .integer(size)), ("number", number.map { .string($0) }), ("code", code.map { .string($0) }),
                ("validUntil", validUntil.map { .string("\($0)") }),
                ("transferable", notTransferable ? .flag(false) : nil),
                ("tokens", tokens.isEmpty ? nil : .array(tokens.map { .string($0) })),
            ])
            session.show(try session.ask(.post, path(in: session), body: body), in: members)
        }
    }

    struct Set: AdminCommand {
        static let configuration = does(
            "Change until when a license's code can be redeemed, and whether it may be transferred.",
            "license set EFTM000000000001 --valid-until 2028-06-30",
            "license set EFTM000000000001 --no-valid-until",
            "license set EFTM000000000001 --not-transferable"
        )

        @Argument(of: LicenseCommand.self) var number: String

        @Option(
            help: .init("The last day on which its code can be redeemed.", valueName: "yyyy-mm-dd"),
            transform: TimeArgument.day
        )
        var validUntil: CalendarDay?

        @Flag(help: "Let its code be redeemed for ever.") var noValidUntil = false
        @Flag(help: "Let it be transferred.") var transferable = false
        @Flag(help: "Do not let it be transferred.") var notTransferable = false
        @OptionGroup var options: AdminOptions

        func validate() throws {
            if noValidUntil, validUntil != nil {
                throw ValidationError("Give one of --valid-until and --no-valid-until.")
            }
            if transferable, notTransferable {
                throw ValidationError("Give one of --transferable and --not-transferable.")
            }
            if !noValidUntil, validUntil == nil, !transferable, !notTransferable {
                throw ValidationError(
                    "Give --valid-until or --no-valid-until, --transferable or --not-transferable."
                )
            }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let day: JSONValue? = noValidUntil ? .null : validUntil.map { .string("\($0)") }
            let mayMove: JSONValue? = transferable ? .flag(true) : notTransferable ? .flag(false) : nil
            let body = JSONValue.members([("validUntil", day), ("transferable", mayMove)])
            session.show(try session.ask(.patch, path(number, in: session), body: body), in: members)
        }
    }
}

/// What becomes of a license that was issued.
extension LicenseCommand {
    struct Revoke: Verb {
        static let configuration = does(
            "Withdraw licenses: their codes are not found any more.",
            "license revoke EFTM000000000001"
        )
        static let request = VerbRequest.change(["revoked": true])

        @OptionGroup var subject: Each<LicenseCommand>

        static func told(_ license: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
            // A trial has no code.
            ["revoked \(name)" + (license["code"] == .null ? "" : ": its code is not found any more")]
        }
    }

    struct Unrevoke: Verb {
        static let configuration = does("Take a withdrawal back.", "license unrevoke EFTM000000000001")
        static let request = VerbRequest.change(["revoked": false])

        @OptionGroup var subject: Each<LicenseCommand>

        static func told(_ license: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
            ["unrevoked \(name)" + (license["code"] == .null ? "" : ": its code is found again")]
        }
    }

    struct Expire: Verb {
        static let configuration = does(
            "Make codes too old: the licenses' last day becomes the lab's yesterday.",
            about: "A code that was redeemed before keeps working for its owner.",
            "license expire EFTM000000000001"
        )

        @OptionGroup var subject: Each<LicenseCommand>

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let clock = try session.ask(.get, session.path("clock")).json
            guard let now = clock["now"].string.flatMap({ RFC3339.seconds($0) }),
                let yesterday = CalendarDay(containing: now - 86_400)
            else { throw CommandFailure(.unable, "the lab's clock shows no time: \(clock["now"].shown)") }
            let body: JSONValue = ["validUntil": .string("\(yesterday)")]
            for number in subject.names {
                let answer = try session.ask(.patch, path(number, in: session), body: body)
                session.show(answer) { _ in ["expired \(number): valid until \(yesterday)"] }
            }
        }
    }

    struct Transfer: AdminCommand {
        static let configuration = does(
            "Move a license to another device.",
            "license transfer EFTM000000000002 --to FGT60FTK20000001",
            "license transfer EFTM000000000002 --to FG100FTK20009876 --grace 1.5h"
        )

        @Argument(of: LicenseCommand.self) var number: String

        @Option(help: .init("The device that gets it.", valueName: "serial"), completion: DeviceCommand.completion)
        var to: String

        @Option(
            help: .init(
                "How long it still works for its former owner too, such as 90m or 2d.",
                valueName: "duration"
            ),
            transform: DurationArgument.readSeconds
        )
        var grace = DurationArgument(.zero)

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["to": .string(to), "graceSeconds": .integer(grace.seconds)]
            let answer = try session.ask(.post, path(number, "transfer", in: session), body: body)
            session.show(answer, in: members)
        }
    }

    struct Reset: AdminCommand {
        static let configuration = does("Make a trial's tokens available again.", "license reset FTMTRIAL0BDD59BA")

        @Argument(of: LicenseCommand.self, "The trial's number.") var number: String
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.post, path(number, "reset", in: session)), in: members)
        }
    }

    struct Remove: Verb {
        static let configuration = does("Remove licenses with their tokens.", "license remove EFTM000000000014")
        static let request = VerbRequest.remove
        static let done: String? = "removed"

        @OptionGroup var subject: Each<LicenseCommand>
    }
}
