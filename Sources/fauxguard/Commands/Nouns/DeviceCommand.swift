import ArgumentParser
import HTTP
import Notation

/// `fauxguard device`: the units that ask for tokens.
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Add, register, change, remove and replace devices.",
        discussion: """
            EXAMPLES
              fauxguard device add FGT60FTK20000009 --model FortiGate-60F
              fauxguard device list --unregistered
              fauxguard device replace FGT60FTK20000002 --with FGT60FTK20000009
            """,
        subcommands: [
            List.self, Show.self, Add.self, Register.self, Unregister.self, Set.self, Remove.self, Replace.self,
        ]
    )

    static let members = ["serial", "model", "registered", "licenses"]

    struct List: AdminCommand {
        static let configuration = does("List the devices.", "device list", "device list --unregistered")

        @Flag(help: "Only those that are registered.")
        var registered = false

        @Flag(help: "Only those that are not registered.")
        var unregistered = false

        @OptionGroup var options: AdminOptions
        @OptionGroup var page: PageOptions

        func validate() throws {
            if registered, unregistered { throw ValidationError("Give one of --registered and --unregistered.") }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let isFiltered = registered || unregistered
            try session.list(
                "devices",
                session.path("devices"),
                query: isFiltered ? [("registered", registered ? "true" : "false")] : [],
                limit: page.limit,
                [
                    .init("SERIAL", "serial"), .init("MODEL", "model").cut.usually(12),
                    .init("REGISTERED", "registered").styled { $0 == "no" ? .bad : nil },
                ]
            )
        }
    }

    struct Show: AdminCommand {
        static let configuration = does("Show a device with its licenses.", "device show FG100FTK20009876")

        @Argument(help: "The device's serial.", completion: Completions.devices)
        var serial: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.get, session.path("devices", serial)), in: members)
        }
    }

    struct Add: AdminCommand {
        static let configuration = does(
            "Add a device, registered unless told otherwise.",
            "device add FGT60FTK20000009 --model FortiGate-60F",
            "device add FGVM000000000005 --unregistered"
        )

        @Argument(help: "The device's serial: up to 16 of A-Z, 0-9 and '-'.")
        var serial: String

        @Option(help: "Its model, such as FortiGate-60F.")
        var model: String?

        @Flag(help: "Do not register it.")
        var unregistered = false

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("serial", .string(serial)), ("registered", .flag(!unregistered)), ("model", model.map { .string($0) }),
            ])
            session.show(try session.ask(.post, session.path("devices"), body: body), in: members)
        }
    }

    struct Register: AdminCommand {
        static let configuration = does("Register devices.", "device register FG140E4Q17000407")

        @Argument(help: "The devices' serials.", completion: Completions.devices)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try setRegistered(true, serials, session)
        }
    }

    struct Unregister: AdminCommand {
        static let configuration = does("Take back the registration of devices.", "device unregister FG140E4Q17000407")

        @Argument(help: "The devices' serials.", completion: Completions.devices)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try setRegistered(false, serials, session)
        }
    }

    private static func setRegistered(
        _ isRegistered: Bool,
        _ serials: [String],
        _ session: AdminSession
    ) throws(CommandFailure) {
        for serial in serials {
            let answer = try session.ask(
                .patch,
                session.path("devices", serial),
                body: ["registered": .flag(isRegistered)]
            )
            session.show(answer) { _ in ["\(isRegistered ? "registered" : "unregistered") \(serial)"] }
        }
    }

    struct Set: AdminCommand {
        static let configuration = does(
            "Change a device's model.",
            "device set FGT60FTK20000001 --model FortiGate-61F",
            "device set FGT60FTK20000001 --no-model"
        )

        @Argument(help: "The device's serial.", completion: Completions.devices)
        var serial: String

        @Option(help: "Its model.")
        var model: String?

        @Flag(help: "Forget its model.")
        var noModel = false

        @OptionGroup var options: AdminOptions

        func validate() throws {
            if noModel == (model != nil) { throw ValidationError("Give one of --model and --no-model.") }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["model": model.map { .string($0) } ?? .null]
            session.show(try session.ask(.patch, session.path("devices", serial), body: body), in: members)
        }
    }

    struct Remove: AdminCommand {
        static let configuration = does("Remove devices that no license names.", "device remove FGVM000000000005")

        @Argument(help: "The devices' serials.", completion: Completions.devices)
        var serials: [String]

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try session.remove(serials, from: "devices")
        }
    }

    struct Replace: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move the licenses of a broken device to the one that replaces it.",
            discussion: """
                Every license that was bought moves, also one that is not transferable. A trial stays with its unit; the \
                new one imports its own.

                EXAMPLES
                  fauxguard device replace FGT60FTK20000002 --with FGT60FTK20000009
                """
        )

        @Argument(help: "The serial of the device that goes.", completion: Completions.devices)
        var serial: String

        @Option(
            name: .customLong("with"),
            help: "The serial of the device that comes.",
            completion: Completions.devices
        )
        var successor: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(
                .post,
                session.path("devices", serial, "replace"),
                body: ["with": .string(successor)]
            )
            session.show(answer) { json in
                let moved = json["moved"].items
                let first =
                    moved.isEmpty
                    ? "\(serial) had no license to move" : "moved to \(successor): \(json["moved"].shown)"
                return [first]
                    + json["stayed"].items
                    .map { "stayed with \(serial): \($0["license"].shown): \($0["reason"].shown)" }
            }
        }
    }
}
