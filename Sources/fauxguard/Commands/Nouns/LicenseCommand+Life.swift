import ArgumentParser
import HTTP
import Notation
import Registry

/// What becomes of a license that was issued.
extension LicenseCommand {
    struct Revoke: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Withdraw licenses: their codes are not found any more.",
            discussion: """
                EXAMPLES
                  fauxguard license revoke EFTM000000000001
                """
        )

        @Argument(help: "The licenses' numbers.", completion: Completions.licenses)
        var numbers: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try setRevoked(true, numbers, session)
        }
    }

    struct Unrevoke: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a withdrawal back.",
            discussion: """
                EXAMPLES
                  fauxguard license unrevoke EFTM000000000001
                """
        )

        @Argument(help: "The licenses' numbers.", completion: Completions.licenses)
        var numbers: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try setRevoked(false, numbers, session)
        }
    }

    private static func setRevoked(
        _ isRevoked: Bool,
        _ numbers: [String],
        _ session: AdminSession
    ) throws(CommandFailure) {
        for number in numbers {
            let answer = try session.ask(.patch, session.path("licenses", number), body: ["revoked": .flag(isRevoked)])
            session.show(answer) { license in
                let done = "\(isRevoked ? "revoked" : "unrevoked") \(number)"
                // A trial has no code.
                guard license["code"] != .null else { return [done] }
                return [done + (isRevoked ? ": its code is not found any more" : ": its code is found again")]
            }
        }
    }

    struct Expire: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make codes too old: the licenses' last day becomes the lab's yesterday.",
            discussion: """
                A code that was redeemed before keeps working for its owner.

                EXAMPLES
                  fauxguard license expire EFTM000000000001
                """
        )

        @Argument(help: "The licenses' numbers.", completion: Completions.licenses)
        var numbers: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let clock = try session.ask(.get, session.path("clock")).json
            guard let now = clock["now"].string.flatMap({ RFC3339.seconds($0) }),
                let yesterday = CalendarDay(containing: now - 86_400)
            else { throw CommandFailure(.unable, "the lab's clock shows no time: \(clock["now"].shown)") }
            let body: JSONValue = ["validUntil": .string("\(yesterday)")]
            for number in numbers {
                let answer = try session.ask(.patch, session.path("licenses", number), body: body)
                session.show(answer) { _ in ["expired \(number): valid until \(yesterday)"] }
            }
        }
    }

    struct Transfer: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a license to another device.",
            discussion: """
                EXAMPLES
                  fauxguard license transfer EFTM000000000002 --to FGT60FTK20000001
                  fauxguard license transfer EFTM000000000002 --to FG100FTK20009876 --grace 1.5h
                """
        )

        @Argument(help: "The license's number.", completion: Completions.licenses)
        var number: String

        @Option(help: ArgumentHelp("The device that gets it.", valueName: "serial"), completion: Completions.devices)
        var to: String

        @Option(
            help: ArgumentHelp(
                "How long it still works for its former owner too, such as 90m or 2d.",
                valueName: "duration"
            ),
            transform: DurationArgument.readSeconds
        )
        var grace = DurationArgument(.zero)

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["to": .string(to), "graceSeconds": .integer(grace.seconds)]
            let answer = try session.ask(.post, session.path("licenses", number, "transfer"), body: body)
            session.show(answer, in: members)
        }
    }

    struct Reset: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a trial's tokens available again.",
            discussion: """
                EXAMPLES
                  fauxguard license reset FTMTRIAL0BDD59BA
                """
        )

        @Argument(help: "The trial's number.", completion: Completions.licenses)
        var number: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.post, session.path("licenses", number, "reset")), in: members)
        }
    }

    struct Remove: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove licenses with their tokens.",
            discussion: """
                EXAMPLES
                  fauxguard license remove EFTM000000000014
                """
        )

        @Argument(help: "The licenses' numbers.", completion: Completions.licenses)
        var numbers: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            for number in numbers {
                let answer = try session.ask(.delete, session.path("licenses", number))
                session.show(answer) { _ in ["removed \(number)"] }
            }
        }
    }
}
