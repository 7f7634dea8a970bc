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

    let kind: Kind
    /// The line, without the program's name and without what could steer a terminal.
    let message: String
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
        var failure = CommandFailure(kind, "\(place): \(message)", details: details)
        failure.problem = problem
        return failure
    }

    /// The same as a way of calling that is wrong.
    var asUsage: CommandFailure {
        var failure = CommandFailure(.usage, message, details: details)
        failure.problem = problem
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
