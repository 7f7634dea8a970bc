import FoundationEssentials
import IO
import Lab
import Logging
package import TLS

/// What is told of the certificates to anyone, by every clock that they follow.
extension Certificates {
    /// The root, the lists of what was revoked, and what OCSP needs.
    package var publication: PKIPublication { state.withLock { $0.publication } }

    /// What the clocks say that certificates follow, the earliest and the latest, in Unix seconds.
    ///
    /// They are the host's, and those of the labs that asked for certificates of their own time. A client may ask by any of
    /// them, and nothing in its question says by which; so lists and answers count from the earliest to the latest.
    package var moments: ClosedRange<Int64> { state.withLock { Self.moments(of: $0.labs.values) } }

    private static func moments(of labs: some Sequence<Lab>) -> ClosedRange<Int64> {
        let host = LabClock.hostNow
        return labs.reduce(host...host) { span, lab in
            let own = lab.clock.now
            return min(span.lowerBound, own)...max(span.upperBound, own)
        }
    }

    /// The number of the first publication at the present: above those of every run before, with room for 128 in a
    /// millisecond.
    ///
    /// By seconds, a server that was started again within the second in which it had published more than once would have
    /// begun below.
    static var firstNumber: Int64 { Int64(max(0, Date.now.timeIntervalSince1970) * 1000) << 7 }

    /// Publishes anew, as things were revoked and as the clocks are.
    ///
    /// Of two that overlap, the one that saw more stays. Throws ``PKIError`` where signing fails; then the one before stays.
    func publish() async throws {
        let (pki, revoked, moments, number) = state.withLock { state in
            state.number = max(state.number + 1, Self.firstNumber)
            return (state.pki, state.revoked, Self.moments(of: state.labs.values), state.number)
        }
        let publication = try await IO.Thread.perform(named: "pki") { () throws(PKIError) in
            try pki.publication(revoking: revoked, spanning: moments, number: number)
        }
        state.withLock { state in
            if state.publication.number < number { state.publication = publication }
        }
    }

    /// Publishes anew where another clock than before is followed; what can't be is said in the log.
    func publishForClocks() async {
        do {
            try await publish()
        } catch {
            logger.error("revocation lists were not signed anew", metadata: ["reason": "\(error)"])
        }
    }
}
