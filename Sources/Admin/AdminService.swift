package import HTTP
package import IO
import Journal
import Notation
package import Server

/// The admin plane: from a request to its route, and from what the route says to an answer.
///
/// Every route is carried out as something that may wait, on the control loop; nothing here is hot.
package struct AdminService: Service {
    /// What a request asks.
    package enum Message {
        /// What a route does.
        case call(AdminCall)
        /// Nothing that is done here.
        case refused(Answer)
    }

    /// What goes out.
    package typealias Answer = AdminAnswer

    private let access: AccessRules
    private let installation: Installation
    private let table = RouteTable.all

    /// The service at `address`; with a token, only who presents it is answered.
    package init(of installation: Installation, at address: SocketAddress, token: BearerToken?) {
        self.installation = installation
        access = AccessRules(token: token, at: "\(address)")
    }

    /// Refuses who may not ask before anything large is read, and holds the rest to what their route takes.
    package func ruling(on head: HTTP.Request, in bytes: Span<UInt8>) -> HeadRuling {
        if let problem = access.objection(to: head, in: bytes) {
            return .refused(Objection(problem.status, problem.detail, named: problem.kind, fields: problem.fields))
        }
        let target = RequestTarget(path: head.path.map { bytes[$0] }, query: nil)
        return .admitted(limit: table.bodyLimit(of: head.method.token ?? "?", at: target?.segments ?? []))
    }

    /// Decides whether the request may be made at all, and finds its route.
    package func read(_ exchange: Exchange, on context: LoopContext) -> Message {
        exchange.withBytes { bytes in
            exchange.record.method = exchange.request.method.token ?? "?"
            exchange.record.path = bytes.text(at: exchange.request.path.prefix(200))
            return message(of: exchange.request, in: bytes)
        }
    }

    private func message(of request: HTTP.Request, in bytes: Span<UInt8>) -> Message {
        if let problem = access.objection(to: request, in: bytes) { return .refused(AdminAnswer(problem)) }
        if request.asksForServersMethods(in: bytes) {
            return .refused(.methods("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"))
        }
        if let encoding = request.foreignEncoding(in: bytes) { return .refused(AdminAnswer(.encoded(encoding))) }
        guard let copy = AdminRequest(request, in: bytes) else {
            return .refused(AdminAnswer(.malformed("the path or the query can't be decoded")))
        }
        do throws(Problem) {
            let (route, names, query) = try table.match(copy)
            let call = AdminCall(installation: installation, route: route, request: copy, names: names, query: query)
            return .call(call)
        } catch {
            return .refused(AdminAnswer(error))
        }
    }

    /// An expectation may be waited for.
    package static var watchesCallers: Bool { true }

    /// What is asked from outside to tell whether the server is well; it is answered whatever else is going on.
    private static let alwaysAnswered = answeredAtOnce + ["/metrics"]
    /// What of that is a few words.
    private static let answeredAtOnce = ["/healthz", "/readyz"]

    /// Everything but whether it lives and takes work.
    package func takesLong(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Bool {
        !Self.answeredAtOnce.contains { request.pathIs($0, in: bytes) }
    }

    /// Only what tells whether the server is well is answered where no place is left.
    package func refusalAtDoor(of request: HTTP.Request, in bytes: Span<UInt8>) -> Answer? {
        if Self.alwaysAnswered.contains(where: { request.pathIs($0, in: bytes) }) { return nil }
        return AdminAnswer(.noPlace(of: installation.places.all, perAddress: installation.places.perAddress))
    }

    /// Answers what was refused; every route may wait.
    package func answer(_ message: Message, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead? {
        guard case .refused(let refusal) = message else { return nil }
        return refusal.write(to: exchange, into: &body)
    }

    /// Lets the route carry it out.
    package func carryOut(_ message: Message, for caller: Caller?) async -> Answer {
        switch message {
        case .refused(let refusal): return refusal
        case .call(var call):
            call.caller = caller
            do {
                try await call.readLargeBody()
                return try await call.route.handle(call)
            } catch {
                return AdminAnswer(Problem(error))
            }
        }
    }

    /// Writes what the route said.
    package func write(_ answer: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        answer.write(to: exchange, into: &body)
    }

    /// A problem, as everything that this plane refuses.
    package func writeRefusal(_ objection: Objection, into body: inout [UInt8]) -> FieldValue {
        // HTTP's own reader has names of its own for what routes refuse, too.
        let kind =
            switch objection.status {
            case .contentTooLarge: "too-large"
            case .unsupportedMediaType: "unsupported-media-type"
            default: objection.name
            }
        body += Problem(status: objection.status, kind: kind, detail: objection.reason).bytes
        return Problem.contentType
    }
}
