package import Notation

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
    func has(_ name: String) -> Bool {
        if case .object(let members) = self { members[name] != nil } else { false }
    }

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
