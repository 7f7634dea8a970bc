import Faults
import HTTP
import IO
import Journal
import Lab

/// What the journal is told of bytes that did not become a request: refused, broken off, or never to be read here.
extension Connection {
    /// Begins the record of what lies in the workspace; where its head and its body lie is returned.
    func describeFragment(_ workspace: Workspace) -> (head: Range<Int>, body: Range<Int>) {
        let arrived = workspace.reader.arrivedBody(of: workspace.input.count)
        let request = workspace.reader.head
        let (evidence, parts, lab) = workspace.input.withUnread { bytes in
            let evidence = RequestEvidence(bytes.span)
            let count = bytes.count
            let body = arrived ?? evidence.head.upperBound..<count
            let lab = request.flatMap { listener.service.faultLab(of: $0, in: bytes.span) }
            func text(_ range: Range<Int>?) -> String {
                String(decoding: (range ?? 0..<0).prefix(Self.longestPath).map { bytes[$0] }, as: UTF8.self)
            }
            return ((method: text(evidence.method), path: text(evidence.path)), (evidence.head, body), lab)
        }
        let isOfOtherLab = lab != nil && lab !== listener.lab
        deviation?.beginExchange(isOfOtherLab: isOfOtherLab)
        workspace.exchange.begin(on: id)
        (workspace.exchange.method, workspace.exchange.path) = evidence
        workspace.exchange.requestBytes = parts.1.count
        if isOfOtherLab { workspace.exchange.journal = lab?.journal }
        return parts
    }

    /// How much of a path is told, in bytes.
    private static var longestPath: Int { 200 }

    /// Tells of a request that its connection ended in the middle of.
    func recordBrokenOff(by end: ConnectionEnd) {
        switch end {
        // Those are answered.
        case .refused, .objected, .timedOut, .notTLS, .malformedHello: return
        default: break
        }
        guard let workspace, workspace.hasBegun else { return }
        stage = .request
        workspace.begun = .now
        let parts = describeFragment(workspace)
        workspace.exchange.reason = end.reason ?? "the server stopped"
        context.output.removeAll(keepingCapacity: true)
        tellLog(workspace)
        tellJournal(workspace, parts.head, parts.body, answerHead: 0, workspace.begun, 0)
    }

    /// Tells of a request in clear to a port of TLS, and of `answer`, which says so; how far the connection got is not changed
    /// by it.
    func recordPlain(_ answer: [UInt8], head: Int) {
        let workspace = takeWorkspace()
        workspace.begun = .now
        let parts = describeFragment(workspace)
        workspace.exchange.status = UInt16(Status.badRequest.code)
        workspace.exchange.reason = "plain-http"
        workspace.exchange.answerBytes = answer.count - head
        context.output.removeAll(keepingCapacity: true)
        context.output += answer
        tellLog(workspace)
        tellJournal(workspace, parts.head, parts.body, answerHead: head, workspace.begun, 0)
    }

    /// How much of the request at hand came, for whoever is told that no more did.
    var arrival: String {
        guard let workspace, workspace.reader.stage == .body, let head = workspace.reader.head else {
            return "a request's head"
        }
        let came = workspace.reader.arrivedBody(of: workspace.input.count)?.count ?? 0
        // Of a body in chunks nobody knows how long it was to be.
        return head.body.isEmpty
            ? "a request's body, of which \(came) bytes came"
            : "a request's body, of which \(came) of \(head.body.count) bytes came"
    }
}
