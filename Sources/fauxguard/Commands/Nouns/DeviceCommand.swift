import ArgumentParser
import Client
import HTTP
import Notation

/// `fauxguard device`: the units that ask for tokens.
struct DeviceCommand: Noun {
    static let configuration = does(
        name: "device",
        "Add, register, change, remove and replace devices.",
        "device add FGT60FTK20000009 --model FortiGate-60F",
        "device list --unregistered",
        "device replace FGT60FTK20000002 --with FGT60FTK20000009",
        verbs: [List.self, Show.self, Add.self, Register.self, Unregister.self, Set.self, Remove.self, Replace.self]
    )

    static let key = "serial"
    static let members = ["serial", "model", "registered", "licenses"]

    struct List: ListCommand {
        typealias Kind = DeviceCommand
        static let configuration = does("List the devices.", "device list", "device list --unregistered")

        @Flag(help: "Only those that are registered.") var registered = false
        @Flag(help: "Only those that are not registered.") var unregistered = false
        @OptionGroup var page: PageOptions

        func validate() throws {
            if registered, unregistered { throw ValidationError("Give one of --registered and --unregistered.") }
        }

        var query: OutgoingRequest.Query {
            registered || unregistered ? [("registered", registered ? "true" : "false")] : []
        }

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [
                .init("SERIAL", "serial"), .init("MODEL", "model").cut.usually(12),
                .init("REGISTERED", "registered").styled { $0 == "no" ? .bad : nil },
            ]
        }
    }

    struct Show: Verb {
        static let configuration = does("Show a device with its licenses.", "device show FG100FTK20009876")
        static let request = VerbRequest.show

        @OptionGroup var subject: One<DeviceCommand>
    }

    struct Add: AdminCommand {
        static let configuration = does(
            "Add a device, registered unless told otherwise.",
            "device add FGT60FTK20000009 --model FortiGate-60F",
            "device add FGVM000000000005 --unregistered"
        )

        @Argument(help: "The device's serial: up to 16 of A-Z, 0-9 and '-'.") var serial: String
        @Option(help: "Its model, such as FortiGate-60F.") var model: String?
        @Flag(help: "Do not register it.") var unregistered = false
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("serial", .string(serial)), ("registered", .flag(!unregistered)), ("model", model.map { .string($0) }),
            ])
            session.show(try session.ask(.post, path(in: session), body: body), in: members)
        }
    }

    struct Register: Verb {
        static let configuration = does("Register devices.", "device register FG140E4Q17000407")
        static let request = VerbRequest.change(["registered": true])
        static let done: String? = "registered"

        @OptionGroup var subject: Each<DeviceCommand>
    }

    struct Unregister: Verb {
        static let configuration = does("Take back the registration of devices.", "device unregister FG140E4Q17000407")
        static let request = VerbRequest.change(["registered": false])
        static let done: String? = "unregistered"

        @OptionGroup var subject: Each<DeviceCommand>
    }

    struct Set: AdminCommand {
        static let configuration = does(
            "Change a device's model.",
            "device set FGT60FTK20000001 --model FortiGate-61F",
            "device set FGT60FTK20000001 --no-model"
        )

        @Argument(of: DeviceCommand.self) var serial: String
        @Option(help: "Its model.") var model: String?
        @Flag(help: "Forget its model.") var noModel = false
        @OptionGroup var options: AdminOptions

        func validate() throws {
            if noModel == (model != nil) { throw ValidationError("Give one of --model and --no-model.") }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["model": model.map { .string($0) } ?? .null]
            session.show(try session.ask(.patch, path(serial, in: session), body: body), in: members)
        }
    }

    struct Remove: Verb {
        static let configuration = does("Remove devices that no license names.", "device remove FGVM000000000005")
        static let request = VerbRequest.remove
        static let done: String? = "removed"

        @OptionGroup var subject: Each<DeviceCommand>
    }

    struct Replace: AdminCommand {
        static let configuration = does(
            "Move the licenses of a broken device to the one that replaces it.",
            about: """
                Every license that was bought moves, also one that is not transferable. A trial stays with its unit; the \
                new one imports its own.
                """,
            "device replace FGT60FTK20000002 --with FGT60FTK20000009"
        )

        @Argument(of: DeviceCommand.self, "The serial of the device that goes.") var serial: String

        @Option(name: .customLong("with"), help: "The serial of the device that comes.", completion: completion)
        var successor: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["with": .string(successor)]
            session.show(try session.ask(.post, path(serial, "replace", in: session), body: body)) { json in
                let moved = json["moved"]
                return [
                    moved.items.isEmpty
                        ? "\(serial) had no license to move" : "moved to \(successor): \(moved.shown)"
                ]
                    + json["stayed"].items
                    .map { "stayed with \(serial): \($0["license"].shown): \($0["reason"].shown)" }
            }
        }
    }
}
