package import IO

/// Why what was waited for did not come about.
///
/// Boxed, as ``StreamFailure`` is.
package indirect enum TransportError: Error {
    /// Nothing more can be read or written.
    case failed(StreamFailure)
    /// A wait ended otherwise than well.
    case ended(Channel.Wake, waitingFor: String)
    /// The peer went during a wait that was ordered.
    case peerGone
    /// As many bytes have left as an order lets leave.
    case limitReached
}

extension Channel.Wake {
    /// Lets whoever waited for `what` go on where the wait ended well; throws where it did not.
    package func require(_ what: StaticString) throws(TransportError) {
        switch self {
        // Only ordered waits are recalled, and then it goes on.
        case .ready, .recalled: return
        case .deadline, .draining, .aborted, .displaced: throw .ended(self, waitingFor: "\(what)")
        }
    }
}
