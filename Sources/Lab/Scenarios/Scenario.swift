package import Documents
package import Faults
package import Notation
package import Registry
package import SoftToken
import TLS

/// A ready-made world for one published symptom: registry rows, operations, a clock, fault rules, and what is then
/// seen.
package struct Scenario: Sendable {
    /// How a scenario sets the lab's clock.
    package struct Clock: Sendable {
        /// Whether time passes; nil leaves it.
        package let mode: LabClock.Mode?
        /// The moment that it shows, in seconds since 1970; nil leaves it.
        package let now: Int64?
    }

    /// Its name, which is its file's.
    package let name: String
    /// What goes wrong, in a line.
    package let title: String
    /// The message or log line that was published.
    package let symptom: String
    /// Where it was published.
    package let published: String
    /// What is seen while it runs, in the order in which it has to be asked for.
    package let sights: [ScenarioSight]
    /// The rows that are merged, as the file has them.
    package let registry: DocumentNode?
    /// The same, read.
    package let draft: DocumentDraft?
    /// How the clock is set.
    package let clock: Clock?
    /// What is done to the registry behind the merge.
    package let steps: [ScenarioStep]
    /// The fault rules, each under a name that begins with the scenario's.
    package let rules: [Rule]

    /// How large a scenario's file may be, in bytes.
    static let sizeLimit = 256 * 1024
}

/// Something that is done to the registry once a scenario's rows are merged: an operation that operators have too.
package enum ScenarioStep: Sendable {
    /// Gives a license to another unit; the former owner goes on for so many seconds.
    case transfer(LicenseNumber, to: Serial, graceSeconds: Int64)
    /// Puts another unit in the place of one that broke.
    case replace(Serial, with: Serial)
    /// Ends a token's activation code now.
    case expire(TokenSerial)

    /// The operation.
    package var operation: RegistryOperation {
        switch self {
        case .transfer(let number, let unit, let grace): .transferLicense(number, to: unit, graceSeconds: grace)
        case .replace(let unit, let other): .replaceDevice(unit, with: other)
        case .expire(let token): .expire(token)
        }
    }

    /// Reads a step: a mapping with the one key that names what is done; notes what is wrong, and is nil then.
    init?(_ node: DocumentNode, at path: String, noting defects: DocumentDefects) {
        let keys = ["transfer", "replace", "expire"]
        let before = defects.count
        guard let step = DocumentFields(node, at: path, keys: keys, noting: defects), defects.count == before else {
            return nil
        }
        guard step.members.count == 1 else {
            step.refuse(nil, "a step is one of transfer, replace and expire")
            return nil
        }
        if let fields = step.fields("transfer", keys: ["license", "to", "graceSeconds"]) {
            let number = fields.required("license", "a license's number") { LicenseNumber($0) }
            let unit = fields.required("to", "a serial") { Serial($0) }
            let grace = fields.value("graceSeconds", "a whole number of seconds, ten years at most") {
                CoreSchema.integer($0).map(Int64.init)
                    .flatMap { (0...License.Grace.longest).contains($0) ? $0 : nil }
            }
            guard let number, let unit else { return nil }
            self = .transfer(number, to: unit, graceSeconds: grace ?? 0)
        } else if let fields = step.fields("replace", keys: ["device", "with"]) {
            let unit = fields.required("device", "a serial") { Serial($0) }
            let other = fields.required("with", "a serial") { Serial($0) }
            guard let unit, let other else { return nil }
            self = .replace(unit, with: other)
        } else {
            guard defects.count == before, let token = step.required("expire", "a token's serial", { TokenSerial($0) })
            else { return nil }
            self = .expire(token)
        }
    }
}

/// One thing that is seen while a scenario runs: a request as a unit or a phone sends it, and what comes of it.
package struct ScenarioSight: Sendable {
    /// Where a request goes.
    package enum Method: String, Sendable, CaseIterable {
        /// What units ask.
        case process = "Process"
        /// What phones ask.
        case mobile = "Mobile"

        /// The path.
        package var path: String { "/SoftToken/Provisioning.asmx/\(rawValue)" }
    }

    /// Which authority the client trusts.
    package enum Trust: String, Sendable, CaseIterable {
        /// The lab's, as the vendor's appliances trust their vendor's alone.
        case lab
        /// The inspecting box's, as a browser does whose operator installed it.
        case inspection
    }

    /// What comes of the request.
    package enum Outcome: Sendable {
        /// An answer of this status, whose body holds these texts.
        case answer(status: Int, parts: [String])
        /// None: curl ends with this exit status.
        case failure(exit: Int)
    }

    /// Who asks, and what that shows.
    package let what: String
    /// Where the request goes.
    package let method: Method
    /// The name that the client asks for.
    package let host: String
    /// Which authority it trusts.
    package let trust: Trust
    /// The request's body.
    package let body: JSONValue
    /// How often it is sent, with the same outcome each time.
    package let times: Int
    /// How long the client waits, in seconds.
    package let patience: Int
    /// What comes of it.
    package let outcome: Outcome
    /// The journal's filters that find it afterwards.
    package let journal: [(key: String, value: String)]

    /// The names that a client may ask for: those of docs/protocol.md section 1 that the certificate bears.
    static let hosts = ["globalftm.fortinet.net", "fortitokenmobile.fortinet.com"]
    /// How long a client waits that nobody told.
    static let usualPatience = 20

    /// The command that sends it, for people to copy: one line for a shell.
    ///
    /// `address` is the listener's, HOST:PORT; `lab` is nil where the listener is the lab's own.
    package func command(at address: String, lab: String?, certificates folder: String) -> String {
        let authority: PKIFile = trust == .lab ? .ca : .inspection
        var words = ["curl", "-q", "--silent", "--show-error", "--include", "--noproxy", "'*'"]
        words += ["--max-time", "\(patience)", "--cacert", Self.quoted("\(folder)/\(authority.certificate)")]
        words += ["--connect-to", Self.quoted("::\(address)")]
        if let lab { words += ["--header", Self.quoted("X-FauxGuard-Lab: \(lab)")] }
        words += ["--header", "'Content-Type: application/json'"]
        words += ["--data-binary", Self.quoted(String(decoding: body.bytes, as: UTF8.self))]
        return (words + ["https://\(host)\(method.path)"]).joined(separator: " ")
    }

    /// A word of a shell's, whatever is in it.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
