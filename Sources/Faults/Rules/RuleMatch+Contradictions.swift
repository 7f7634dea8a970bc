import SoftToken

/// Conditions that no request can meet together.
extension RuleMatch {
    /// The key that contradicts another one, and why; nil where one request can meet all.
    var contradiction: RuleDefect? {
        if let text = text(of: .ja4), RuleForms.asksForNoName(fingerprint: text), keys.contains(.sni) {
            return RuleDefect(
                "when.sni",
                "the fingerprint \"\(text)\" is of a ClientHello that asks for no name (its i)"
            )
        }
        if let message {
            if keys.contains(.serial), message == .mobile {
                return RuleDefect("when.serial", "\(message.named) names no unit: a phone sends it")
            }
            if keys.contains(.token), !message.namesTokens {
                return RuleDefect("when.token", "\(message.named) names no token")
            }
        }
        guard let path = text(of: .path) else { return nil }
        if let message, !reached.contains(message.endpoint) {
            return RuleDefect(
                "when.path",
                "\"\(path)\" is not where \(message.named) goes, which is \(message.endpoint.path)"
            )
        }
        guard let key = [RuleKey.serial, .license, .token, .message].first(where: keys.contains) else { return nil }
        if reached.isEmpty { return pathOfNoMessage(saying: "says its \(key.rawValue)") }
        guard messages.isEmpty else { return nil }
        return RuleDefect("when.path", "no request to \"\(path)\" says its \(key.rawValue): phones send there")
    }

    /// Why an effect on messages has nothing to act on, where the path leads to none.
    var contradictionOfMessages: RuleDefect? { reached.isEmpty ? pathOfNoMessage(saying: "is a message") : nil }

    /// The types that a request may be of which meets all conditions; none where none can.
    var messages: [RequestType] {
        RequestType.allCases.filter { type in
            (message ?? type) == type && reached.contains(type.endpoint) && !(keys.contains(.serial) && type == .mobile)
                && !(keys.contains(.token) && !type.namesTokens)
        }
    }

    /// What it matches, to stand in a sentence.
    var messagesNamed: String { messages.count == 1 ? messages[0].named : "what the rule matches" }

    private func pathOfNoMessage(saying what: String) -> RuleDefect {
        RuleDefect(
            "when.path",
            "no request to \"\(text(of: .path) ?? "")\" \(what): only \(Endpoint.process.path) and \(Endpoint.mobile.path) carry messages"
        )
    }

    private var message: RequestType? {
        text(of: .message).flatMap { name in RequestType.allCases.first { $0.shortName == name } }
    }

    /// Where the service takes messages and this may match.
    private var reached: [Endpoint] {
        guard let path = conditions.first(where: { $0.key == .path }) else { return Endpoint.allCases }
        return Endpoint.allCases.filter { path.test.holds(of: $0.path, path.text) }
    }
}

extension RequestType {
    /// Whether a request of the type lists tokens.
    var namesTokens: Bool { self == .provision || self == .polling }
}
