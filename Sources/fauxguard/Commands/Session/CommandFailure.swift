import ArgumentParser
import Client
import HTTP
import IO
import Journal
import Notation
import TLS

/// Why a command ends without having done what it was asked: one line, and the exit status.
struct CommandFailure: Error {
    /// What an exit status tells a script.
    enum Kind: Int32 {
        /// It ran, and the answer is no: refused, not found, verification failed.
        case no = 1
        /// It could not run: the server is unreachable, TLS failed, a file cannot be used.
        case unable = 2
        /// It was called wrongly.
        case usage = 64
    }

    var kind: Kind
    /// The line, without the program's name and without what could steer a terminal.
    private(set) var message: String
    /// Further lines for people, such as near misses.
    var details: [String] = []
    /// The refusal that it came from.
    var problem: AdminRefusal?

    init(_ kind: Kind, _ message: String, details: [String] = []) {
        self.kind = kind
        self.message = Visible.text(message)
        self.details = details.map(Visible.text)
    }

    /// A file or a stream that cannot be used.
    init(_ error: SystemError) {
        self.init(.unable, "\(error)")
    }

    /// No answer came from the admin plane.
    init(_ error: ClientError, from endpoint: ServerURL?) {
        let place = endpoint.map { "\($0)" } ?? "the admin plane"
        switch error {
        case .badURL:
            self.init(.usage, "\(error)")
        case .unreachable(let failure):
            let reason = failure.reason.prefix(1).lowercased() + failure.reason.dropFirst()
            self.init(.unable, "no admin plane at \(place): \(reason); is \"fauxguard serve\" running?")
        case .unresolved(let failure):
            self.init(.unable, "no admin plane at \(place): \(failure.reason)")
        case .tls(let failure) where failure.operation == .configure:
            self.init(.unable, "the CA for \(place) cannot be used: \(failure.cause)")
        case .tls(let failure) where failure.cause == .peerRefused:
            let reason = failure.reasons.joined(separator: ", ")
            self.init(.unable, "\(place) is not trusted: \(reason); give its CA with --ca FILE")
        case .tls(let failure):
            self.init(.unable, "TLS with \(place) failed: \(failure)")
        case .broken(.notHTTP) where endpoint?.speaksTLS == false:
            self.init(.unable, "\(place): \(error); an admin plane off loopback speaks https")
        default:
            self.init(.unable, "\(place): \(error)")
        }
    }

    /// The same, with the place of what it is about.
    func at(_ place: String) -> CommandFailure {
        var failure = self
        failure.message = Visible.text("\(place): \(message)")
        return failure
    }

    /// Does something, and ends the command with what went wrong, said on standard error.
    static func reported(_ body: () throws(CommandFailure) -> Void) throws {
        do throws(CommandFailure) {
            try body()
        } catch {
            error.report()
            throw ExitCode(error.kind.rawValue)
        }
    }

    /// Prints it to standard error, which a pipeline keeps: without the code or the seed that was refused.
    func report() {
        let lines = ["fauxguard: \(message)"] + details.map { "  \($0)" }
        let text = lines.map { Redaction.redacted($0) + "\n" }.joined()
        StandardStream.write(Array(text.utf8), to: StandardStream.error)
    }
}

/// A refusal of the admin plane: RFC 9457's document with the extensions of this API.
struct AdminRefusal: Sendable {
    let status: Status
    /// The document; what answered may be something else that only knows statuses, and then it is null.
    let json: JSONValue

    /// What kind of refusal it is, such as `not-found`; nil where something else answered.
    var kind: String? { json["type"].string?.split(separator: ":").last.map(String.init) }

    // Where a document is wrong, and how.
    var line: Int? { json["line"].int }
    var path: String? { json["path"].string }
    var reason: String? { json["reason"].string }

    /// One line, with what the user may have meant.
    var description: String {
        let detail = json["detail"].string ?? json["title"].string ?? json["error"].string ?? "the answer is \(status)"
        return detail + Wording.suggestion(json["suggestions"].items.compactMap(\.string))
    }

    /// What is wrong with a document beyond the first thing, one a line; `name` is the document's.
    func errorLines(in name: String?) -> [String] {
        let lines = json["errors"].items.dropFirst()
            .map { error in
                let line = error["line"].int
                let place = name.map { name in line.map { "\(name):\($0)" } ?? name } ?? line.map { "line \($0)" }
                return [place, error["path"].string, error["reason"].string].compactMap(\.self).joined(separator: ": ")
            }
        let untold = json["untold"].int ?? 0
        return lines + (untold > 0 ? ["and \(untold) more"] : [])
    }

    /// The near misses, one a line.
    var missLines: [String] {
        json["nearMisses"].items
            .map { miss in
                let differs = miss["differs"].items
                    .map { difference in
                        "\(difference["filter"].shown) is \(difference["found"].shown), not \(difference["wanted"].shown)"
                    }
                return "near miss \(miss["id"].shown): " + differs.joined(separator: ", ")
            }
    }

    /// What became of each fault rule, one a line.
    var ruleLines: [String] {
        json["rules"].items
            .map { rule in
                var line = "rule \(rule["name"].shown): matched \(rule["matched"].shown), acted \(rule["acted"].shown)"
                guard case .object(let missed) = rule["missed"], !missed.isEmpty else { return line }
                line += "; not because "
                line += missed.sorted { $0.name < $1.name }.map { "\($0.name) (\($0.value.shown))" }
                    .joined(separator: ", ")
                return line
            }
    }
}

extension CommandFailure {
    /// What the server refused, the near misses that it names, and what became of the fault rules; `tokenFile` is where
    /// the token came from that it was shown.
    init(_ problem: AdminRefusal, tokenFile: String?) {
        var text = problem.description
        if problem.status == .unauthorized {
            text +=
                tokenFile.map { "; the one that was sent is that of \($0)" }
                ?? "; give it with --token-file FILE or FAUXGUARD_ADMIN_TOKEN_FILE"
        }
        self.init(.no, text, details: problem.errorLines(in: nil) + problem.missLines + problem.ruleLines)
        self.problem = problem
    }
}
