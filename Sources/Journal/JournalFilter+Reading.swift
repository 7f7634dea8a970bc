import Faults
import IO
package import Notation
import SoftToken
import TLSNames

/// Values of filters, as they are written or as the API prints what they are compared with.
extension JournalFilter.Condition {
    private static let serialForm = "up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000001 or FGT60F*"

    /// Reads a value of this key.
    init(_ key: JournalFilter.Key, _ value: JSONValue) throws(JournalFilterError) {
        switch value {
        case .string(let text): try self.init(key, text)
        case .integer(let number): try self.init(key, "\(number)")
        case .null:
            guard key.canBeNull else {
                throw JournalFilterError(key: key.rawValue, reason: "is null in no record: leave it out for any")
            }
            self.init(key: key, wanted: "null", test: .null)
        default: try self.init(key, printed: value)
        }
    }

    private init(_ key: JournalFilter.Key, _ text: String) throws(JournalFilterError) {
        guard !text.isEmpty else { throw JournalFilterError(key: key.rawValue, reason: "\"\" is empty") }
        let (test, reason, choices) = Self.reading(of: key, text)
        guard let test else {
            // What is wrong with a fingerprint names the part that is.
            let value = key == .ja4 ? "" : text
            throw JournalFilterError(key: key.rawValue, value: value, reason: reason, choices: choices)
        }
        if case .client(let block) = test, block.holdsNoPeer {
            throw JournalFilterError(unknown: text, of: key, reason: "is no address of a peer's", choices: [])
        }
        let doubt: String? =
            switch key {
            case .sni: RuleForms.reason(againstServerName: RuleForms.serverName(text))
            case .token where TokenSerial(text) == nil:
                "\(VisibleText.quoted(text)) is no token's serial, such as FTKMOB947FDC1754"
            default: nil
            }
        self.init(key: key, wanted: text, test: test, doubt: doubt)
    }

    /// What a text asks of a key; nil where it can't be asked, with what it is not, and the values that there are.
    private static func reading(
        of key: JournalFilter.Key,
        _ text: String
    ) -> (JournalFilter.Test?, reason: String, choices: [String]) {
        func one(of words: [String]) -> (JournalFilter.Test?, reason: String, choices: [String]) {
            (words.contains(text) ? .text(text) : nil, "is none of \(words.joined(separator: ", "))", words)
        }
        switch key {
        case .client:
            return (AddressBlock(text).map { .client($0) }, "is no address and no block such as 10.0.0.0/8", [])
        case .sni:
            let name = RuleForms.serverName(text)
            // What was seen with a doubtful name was seen with just that.
            let isSuffix = name.hasPrefix("*.") && RuleForms.reason(againstServerName: name) == nil
            return (isSuffix ? .nameSuffix(String(name.dropFirst())) : .name(name), "", [])
        case .ja4:
            let reason = RuleForms.reason(againstFingerprint: text.lowercased())
            return (reason == nil ? .fingerprint(text.lowercased()) : nil, reason ?? "", [])
        case .alert:
            let isName = AlertCode(name: text) != nil
            let names = AlertCode.named.map(\.name)
            return (isName ? .text(text) : nil, "is no alert's name, such as unknown_ca", names)
        case .listener: return (.text(text), "", [])
        // Nobody has come yet where a rule acts on the listener itself.
        case .stage: return one(of: Stage.allCases.filter { $0 != .listener }.map(\.rawValue))
        case .outcome: return one(of: ConnectionRecord.Outcome.allCases.map(\.rawValue) + ["open"])
        case .type: return one(of: RequestType.allCases.map(\.shortName))
        case .rule: return (.rule(text), "", [])
        case .verdict: return (nil, "cannot be asked for: the journal has no verdicts yet", [])
        case .serial where text.hasSuffix("*"):
            let prefix = String(text.dropLast())
            let isBeginning = prefix.isEmpty || Serial(prefix) != nil
            return (isBeginning ? .serialPrefix(prefix) : nil, "is no beginning of a serial: \(serialForm)", [])
        case .serial: return (Serial(text).map { .serial($0) }, "is no serial: \(serialForm)", [])
        case .license:
            return (LicenseNumber(text).map { .license($0) }, "is no license number, such as EFTM000000000001", [])
        case .token: return (.token(text), "", [])
        case .code:
            let test: JournalFilter.Test? = text == "none" ? .code(nil) : code(text).map { JournalFilter.Test.code($0) }
            return (test, "is neither a whole number from 0 to 999999, such as 14, nor none", [])
        case .since, .until:
            let reason = "is neither a time such as 2026-11-27T19:00:00Z nor an entry's number"
            return (bound(text).map { .bound($0) }, reason, [])
        }
    }

    /// Reads an object as a record shows it; what is wrong with a member of it is named with both.
    private init(_ key: JournalFilter.Key, printed value: JSONValue) throws(JournalFilterError) {
        do throws(JournalFilterError) {
            switch key {
            case .alert: self = try Self.alert(value)
            case .rule: self = try Self.rule(value)
            case .token: self = try Self.token(value)
            default: throw JournalFilterError(key: "", reason: "is no object in any record")
            }
        } catch {
            // The first member of each has its filter's own name, or is the whole of it.
            let path = ["", key.rawValue].contains(error.key) ? key.rawValue : "\(key.rawValue).\(error.key)"
            throw JournalFilterError(key: path, value: error.value, reason: error.reason, choices: error.choices)
        }
    }

    private static func alert(_ value: JSONValue) throws(JournalFilterError) -> Self {
        let members = try value.texts(["name", "direction"], required: "name")
        let alone = try Self(.alert, members["name"] ?? "")
        guard let direction = members["direction"] else { return alone }
        guard ["sent", "received"].contains(direction) else {
            throw JournalFilterError(key: "direction", value: direction, reason: "is none of sent, received")
        }
        let test = JournalFilter.Test.alert(alone.wanted, direction: direction)
        return Self(key: .alert, wanted: "\(alone.wanted), \(direction)", test: test)
    }

    private static func rule(_ value: JSONValue) throws(JournalFilterError) -> Self {
        let members = try value.texts(["name", "boundBy"], required: "name")
        let alone = try Self(.rule, members["name"] ?? "")
        guard value.has("boundBy") else { return alone }
        let binding = members["boundBy"]
        if let binding, binding != "address" {
            throw JournalFilterError(key: "boundBy", value: binding, reason: "is neither address nor null")
        }
        let wanted = binding.map { "\(alone.wanted), bound by \($0)" } ?? "\(alone.wanted), bound by nothing"
        return Self(key: .rule, wanted: wanted, test: .ruleBound(alone.wanted, by: binding))
    }

    private static func token(_ value: JSONValue) throws(JournalFilterError) -> Self {
        let members = try value.texts(["token", "code"], required: "token")
        let token = members["token"]
        let alone = if let token { try Self(.token, token) } else { Self(key: .token, wanted: "null", test: .null) }
        guard value.has("code") else { return alone }
        var code: Int?
        if let text = members["code"] {
            guard let number = Self.code(text) else {
                throw JournalFilterError(key: "code", value: text, reason: "is no whole number, such as 31")
            }
            code = number
        }
        let wanted = "\(alone.wanted) with \(code.map { "code \($0)" } ?? "no code")"
        return Self(key: .token, wanted: wanted, test: .tokenCode(token: token, code: code), doubt: alone.doubt)
    }

    private static func code(_ text: String) -> Int? {
        guard text.utf8.count <= 6, text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }

    private static func bound(_ text: String) -> JournalFilter.Bound? {
        UInt64(text).map(JournalFilter.Bound.entry) ?? RFC3339.milliseconds(text).map(JournalFilter.Bound.time)
    }
}

/// Values that filters are compared with, in the forms in which the API prints them.
extension JSONValue {
    /// Whether the API prints such a value of a record: a text or a number, null for what a record has none of, or an
    /// object of these, such as an alert with its direction, a rule with what bound it, or a token with its code.
    package var isOfRecord: Bool {
        switch self {
        case .string, .integer, .null: true
        case .object(let members): members.allSatisfy(\.value.isOfRecord)
        case .array, .flag, .number, .written: false
        }
    }

    /// Whether it is an object with this member, null or not.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// The members that an object may have, each text or null; throws the name of another, or of one that is missing.
    func texts(_ names: [String], required: String) throws(JournalFilterError) -> [String: String] {
        guard case .object(let members) = self else { return [:] }
        var texts: [String: String] = [:]
        for member in members {
            guard names.contains(member.name) else {
                throw JournalFilterError(
                    key: member.name,
                    reason: "is no member that is compared; there are \(names.joined(separator: ", "))"
                )
            }
            switch member.value {
            case .string(let text): texts[member.name] = text
            case .integer(let number): texts[member.name] = "\(number)"
            case .null: continue
            default: throw JournalFilterError(key: member.name, reason: "is an object, not a text")
            }
        }
        guard has(required) else { throw JournalFilterError(key: required, reason: "is missing") }
        return texts
    }
}

/// A filter that cannot be used.
package struct JournalFilterError: Error, Hashable, CustomStringConvertible {
    /// The name that was given.
    package let key: String
    /// The value that was given; empty where it is no text, or is not what is wrong.
    package let value: String
    /// What is wrong with it or its value.
    package let reason: String
    /// The values that there are, where they can be listed.
    package let choices: [String]
    /// Whether each value is well formed by itself, and only no record can ever have it.
    package let isContradiction: Bool

    init(key: String, value: String = "", reason: String, choices: [String] = [], isContradiction: Bool = false) {
        self.key = key
        self.value = value
        self.reason = reason
        self.choices = choices
        self.isContradiction = isContradiction
    }

    /// A name that nothing has, among the names that there are.
    package init(unknown value: String, of key: JournalFilter.Key, reason: String, choices: [String]) {
        self.init(key: key.rawValue, value: value, reason: reason, choices: choices, isContradiction: true)
    }

    /// What is wrong, with the value.
    package var explanation: String { value.isEmpty ? reason : "\(VisibleText.quoted(value)) \(reason)" }

    /// All of it, for an operator.
    package var description: String { "filter \(VisibleText.quoted(key)): \(explanation)" }
}
