import ArgumentParser
import Notation

/// `fauxguard certs`: what clients trust, and what devices present.
struct CertsCommand: ParsableCommand {
    static let configuration = does(
        name: "certs",
        "Get the lab CA, and certificates for devices.",
        "certs ca --out lab-ca.pem",
        "certs export --format fortios",
        "certs device FGT60FTK20000001 --out unit.pem",
        verbs: [Authority.self, Export.self, Device.self]
    )

    struct Authority: AdminCommand {
        static let configuration = does(
            name: "ca",
            "Print the lab CA in PEM, for clients to trust; never its key.",
            "certs ca",
            "certs ca --out lab-ca.pem"
        )

        @OptionGroup var target: OutputOption
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try Output.fetch(AdminSession.path(["pki", "ca.pem"]), from: session, into: target.out, mode: 0o644)
        }
    }

    struct Export: AdminCommand {
        static let configuration = does(
            "Print the lab CA in another form.",
            about: "The form fortios is a snippet to paste into an appliance's command line.",
            "certs export --format fortios",
            "certs export --format der --out lab-ca.crt"
        )

        static let formats = ["pem", "der", "fortios"]

        @Option(help: "pem, der or fortios.", completion: .list(formats)) var format = "pem"
        @OptionGroup var target: OutputOption
        @OptionGroup var options: AdminOptions

        func validate() throws {
            try Choice.check(format, "--format", in: Self.formats)
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            if format == "der" { try CertsCommand.refuseTerminal(target.out, session) }
            let path = try AdminSession.path(["pki", "export"])
            try Output.fetch(path, query: [("format", format)], from: session, into: target.out, mode: 0o644)
        }
    }

    struct Device: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a client certificate for a device, with its key.",
            discussion: """
                The key is made for this one answer and kept nowhere. A file that is written is readable by its owner \
                alone. The password of a PKCS#12 file is the first line of --password-file.

                EXAMPLES
                  fauxguard certs device FGT60FTK20000001 --out unit.pem
                  echo made-up > password.txt
                  fauxguard certs device FGT60FTK20000001 --format pkcs12 \\
                    --password-file password.txt --out unit.p12
                """
        )

        @Argument(of: DeviceCommand.self) var serial: String
        @Option(help: "pem or pkcs12.", completion: .list(["pem", "pkcs12"])) var format = "pem"

        @Option(help: .init("A file with the password of the PKCS#12 file.", valueName: "file"), completion: .file())
        var passwordFile: String?

        @OptionGroup var target: OutputOption
        @OptionGroup var options: AdminOptions

        func validate() throws {
            try Choice.check(format, "--format", in: ["pem", "pkcs12"])
            guard (passwordFile == nil) == (format == "pem") else {
                throw ValidationError("--format pkcs12 and --password-file FILE, with the password, go together.")
            }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            if format == "pkcs12" { try CertsCommand.refuseTerminal(target.out, session) }
            var password: String?
            if let passwordFile {
                let text = String(decoding: try Output.read(passwordFile, limit: 1 << 16), as: UTF8.self)
                let line = String(text.prefix { !$0.isNewline })
                guard !line.isEmpty, !line.contains("\0") else {
                    throw CommandFailure(
                        .usage,
                        "the first line of \(passwordFile) is no password: it is empty, or has a zero character; "
                            + "give one with --password-file FILE"
                    )
                }
                password = line
            }
            let body = JSONValue.members([("format", .string(format)), ("password", password.map { .string($0) })])
            let path = try AdminSession.path(["pki", "devices", serial])
            try Output.fetch(path, posting: body, from: session, into: target.out, mode: 0o600)
        }
    }

    /// What is no text would make a mess of a terminal.
    private static func refuseTerminal(_ out: String, _ session: AdminSession) throws(CommandFailure) {
        guard out != "-" || !session.terminal.isTerminal else {
            throw CommandFailure(.usage, "this form is no text; give --out FILE")
        }
    }
}
