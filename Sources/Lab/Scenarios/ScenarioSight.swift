package import Notation
import TLS

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

    /// The command that sends it, for people to copy.
    ///
    /// - Parameters:
    ///   - address: Where the lab's listener is, HOST:PORT.
    ///   - lab: The lab, where the listener is another's; nil where it is the lab's own.
    ///   - folder: The folder of the certificates.
    /// - Returns: One line for a shell.
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
