import SoftToken

/// Conditions that no request can meet together.
extension RuleMatch {
    /// The key that contradicts another one, and why; nil where one request can meet all.
    var contradiction: RuleDefect? {
        let message = text(of: .message).flatMap { name in RequestType.allCases.first { $0.shortName == name } }
        if let message {
            if keys.contains(.serial), message == .mobile {
                return RuleDefect("when.serial", "a \(message.shortName) names no unit: a phone sends it")
            }
            if keys.contains(.token), !message.namesTokens {
                return RuleDefect("when.token", "a \(message.shortName) names no token")
            }
        }
        guard let path = conditions.first(where: { $0.key == .path }) else { return nil }
        let reached = Endpoint.allCases.filter { path.test.holds(of: $0.path, path.text) }
        if let message, !reached.contains(message.endpoint) {
            return RuleDefect(
                "when.path",
                "\"\(path.text)\" is not where a \(message.shortName) goes, which is \(message.endpoint.path)"
            )
        }
        guard let key = [RuleKey.serial, .license, .token, .message].first(where: keys.contains), reached.isEmpty else {
            return nil
        }
        return RuleDefect(
            "when.path",
            "no request to \"\(path.text)\" says its \(key.rawValue): only \(Endpoint.process.path) and \(Endpoint.mobile.path) carry messages"
        )
    }
}

extension RequestType {
    /// Whether a request of the type lists tokens.
    var namesTokens: Bool { self == .provision || self == .polling }
}
