import Faults
import Lab
import Registry
import SoftToken
import TLS

/// What a rule names and its lab does not have: it may come later, so the rule is taken, and whoever adds it is told.
struct FaultNotes {
    private let rule: Rule
    private let lab: Lab
    private let certificates: Certificates

    /// Looks at a rule that is about to be added to the lab.
    init(on rule: Rule, in lab: Lab, certificates: Certificates) {
        self.rule = rule
        self.lab = lab
        self.certificates = certificates
    }

    /// The notes; a registry that can't be read tells none.
    var all: [String] {
        [name, subject].compactMap(\.self).flatMap(\.self)
    }

    private var name: [String]? {
        guard let asked = rule.match.text(of: .sni), !certificates.pki.presents(asked) else { return nil }
        return [
            "sni: the server's certificate does not carry \(asked), so that a client that looks fails before its request "
                + "(pki.names adds names)"
        ]
    }

    private var subject: [String]? {
        let keys: [RuleKey] = [.serial, .license, .token]
        guard keys.contains(where: rule.match.keys.contains), let browser = try? lab.store.makeBrowser() else {
            return nil
        }
        return keys.compactMap { key in
            guard let text = rule.match.text(of: key) else { return nil }
            return (try? note(key, text, browser)) ?? nil
        }
    }

    private func note(_ key: RuleKey, _ text: String, _ browser: any RegistryBrowser) throws -> String? {
        switch key {
        case .serial where text.hasSuffix("*"):
            let start = String(text.dropLast())
            guard try !Self.hasUnit(beginningWith: start, browser) else { return nil }
            return "serial: no unit of the lab has a serial that begins with \(start)"
        case .serial:
            guard let serial = Serial(text), try browser.device(serial) == nil else { return nil }
            guard try Self.hasUnit(beginningWith: text, browser) else {
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
