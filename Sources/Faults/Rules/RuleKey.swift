/// What a rule may match on.
package enum RuleKey: String, Sendable, CaseIterable {
    /// The listener's name.
    case listener
    /// The server name of the ClientHello.
    case sni
    /// The source address.
    case client
    /// The ClientHello's fingerprint.
    case ja4
    /// The requesting unit.
    case serial
    /// A license that the request is about.
    case license
    /// A token that the request names.
    case token
    /// The message's type.
    case message
    /// The request's path.
    case path

    /// The first stage at which it is seen.
    var knownAt: Stage {
        switch self {
        case .listener, .client: .accept
        case .sni, .ja4: .hello
        case .serial, .license, .token, .message, .path: .request
        }
    }

    /// Whether a rule that is asked at a stage at the latest may match on it.
    package func isKnown(at stage: Stage) -> Bool { knownAt <= stage || isBoundByAddress }

    /// Whether the source address can tell it earlier.
    var isBoundByAddress: Bool {
        switch self {
        case .serial, .license, .token: true
        case .listener, .sni, .client, .ja4, .message, .path: false
        }
    }
}
