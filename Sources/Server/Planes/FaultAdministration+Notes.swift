import Faults
import Lab
import Registry
import SoftToken
import TLS

/// What a rule names and its lab does not have: it may come later, so the rule is taken, and whoever adds it is told.
extension FaultAdministration {
    /// What is told of a rule that is about to be added to the lab; of a registry that can't be read, nothing.
    func notes(on rule: Rule, in lab: Lab) -> [String] {
        let keys: [RuleKey] = [.sni, .serial, .license, .token]
        guard keys.contains(where: rule.match.keys.contains) else { return [] }
        let browser = try? lab.store.makeBrowser()
        return keys.compactMap { key in
            guard let text = rule.match.text(of: key) else { return nil }
            if key == .sni { return nameNote(text) }
            return browser.flatMap { (try? Self.note(key, text, $0)) ?? nil }
        }
    }

    private func nameNote(_ asked: String) -> String? {
        guard !certificates.pki.presents(asked) else { return nil }
        return
            "sni: the server's certificate does not carry \(asked), so that a client that looks fails before its request "
            + "(pki.names adds names)"
    }

    private static func note(_ key: RuleKey, _ text: String, _ browser: any RegistryBrowser) throws -> String? {
        switch key {
        case .serial where text.hasSuffix("*"):
            let start = String(text.dropLast())
            guard try !hasUnit(beginningWith: start, browser) else { return nil }
            return "serial: no unit of the lab has a serial that begins with \(start)"
        case .serial:
            guard let serial = Serial(text), try browser.device(serial) == nil else { return nil }
            guard try hasUnit(beginningWith: text, browser) else {
                return "serial: no unit of the lab has the serial \(text)"
            }
            return "serial: no unit of the lab has the serial \(text); \(text)* matches those that begin so"
        case .license:
            guard let number = LicenseNumber(text), try browser.license(number) == nil else { return nil }
            return "license: the lab has no license \(text)"
        case .token:
            guard let token = TokenSerial(text), try browser.token(token) == nil else { return nil }
            return "token: the lab has no token \(text)"
        case .listener, .sni, .client, .ja4, .message, .path: return nil
        }
    }

    private static func hasUnit(beginningWith start: String, _ browser: any RegistryBrowser) throws -> Bool {
        guard let first = Serial(start) else {
            return try !browser.devices(after: nil, limit: 1, registered: nil).items.isEmpty
        }
        if try browser.device(first) != nil { return true }
        // Whatever begins so comes next behind it, in the order of serials.
        return try browser.devices(after: first, limit: 1, registered: nil).items.first?.serial.description
            .hasPrefix(start) ?? false
    }
}
