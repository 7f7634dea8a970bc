/// A filter's value, in one of the forms in which the API prints what it is compared with.
package enum JournalFilterValue: Sendable {
    /// As a text, or a number in its digits.
    case text(String)
    /// As null: what a record has none of.
    case null
    /// As an object, such as an alert with its direction, a rule with what bound it, or a token with its code.
    case object([(name: String, value: JournalFilterValue)])

    /// Whether it is an object with this member, null or not.
    func has(_ name: String) -> Bool {
        if case .object(let members) = self { members.contains { $0.name == name } } else { false }
    }

    /// The members that an object may have, each text or null; throws the name of another, or of one that is missing.
    func members(_ names: [String], required: String) throws(JournalFilterError) -> [String: String] {
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
            case .text(let text): texts[member.name] = text
            case .null: continue
            case .object: throw JournalFilterError(key: member.name, reason: "is an object, not a text")
            }
        }
        guard members.contains(where: { $0.name == required }) else {
            throw JournalFilterError(key: required, reason: "is missing")
        }
        return texts
    }
}
