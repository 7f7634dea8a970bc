import Documents
import Notation

/// The members of the JSON object that a request carries, each read with a refusal that names it.
///
/// What is wrong is noted and not thrown, so that ``check()`` tells everything at once. It differs from a document's
/// `DocumentFields` in what it takes: a body means what it says, so a number is no text and null is a value.
struct BodyFields {
    private let members: [String: JSONValue]
    private let defects = DocumentDefects()

    /// Takes a body that is an object with these keys at most; an absent body counts as an empty object.
    init(_ request: AdminRequest, keys: [String]) throws {
        let value = try request.json?.get()
        try self.init(value ?? (request.body.isEmpty ? [:] : JSONTextError.value(of: request.body)), keys: keys)
    }

    /// Takes an object with these keys at most.
    init(_ value: JSONValue, keys: [String]) throws(Problem) {
        guard case .object(let list) = value else { throw .invalid("the body must be an object, not \(value.kind)") }
        for member in list where !keys.contains(member.name) {
            throw .invalid(
                "no field \(quoted(member.name)) in the body; known are \(keys.joined(separator: ", "))",
                at: String(member.name.prefix(48))
            )
        }
        members = Dictionary(list.map { ($0.name, $0.value) }) { $1 }
    }

    var isEmpty: Bool { members.isEmpty }

    /// Whether the field is there, null included.
    func has(_ key: String) -> Bool { members[key] != nil }

    func isNull(_ key: String) -> Bool { members[key] == .null }

    func value(_ key: String) -> JSONValue? { members[key] }

    /// Notes what is wrong with a field, as what follows its name, or with the body where `path` is empty.
    func refuse(_ path: String, _ reason: String) { defects.note(DocumentError(path: path, reason: reason)) }

    /// A field that `read` makes a value of, or nil where it is absent, or wrong, which is noted; `expected` completes
    /// "must be …".
    private func field<Value>(_ key: String, _ expected: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let member = members[key] else { return nil }
        if let value = read(member) { return value }
        refuse(key, "must be \(expected)\(Self.echo(member, of: key))")
        return nil
    }

    /// As ``field(_:_:_:)``, of a text.
    func text<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) -> Value? {
        field(key, expected) { $0.string.flatMap(read) }
    }

    /// As ``text(_:_:_:)``, of a field that has to be there.
    func required<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) -> Value? {
        if !has(key) { refuse(key, "is missing; it must be \(expected)") }
        return text(key, expected, read)
    }

    /// A truth value.
    func flag(_ key: String) -> Bool? {
        field(key, "true or false") { if case .flag(let flag) = $0 { flag } else { nil } }
    }

    /// A whole number within bounds.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        field(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
            value.int.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A list of texts; of those that are wrong the first is told.
    func texts<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) -> [Value]? {
        let items: [JSONValue]? = field(key, "a list") { if case .array(let items) = $0 { items } else { nil } }
        guard let items else { return nil }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            guard let value = item.string.flatMap(read) else {
                refuse("\(key)[\(index)]", "must be \(expected)\(Self.echo(item, of: key))")
                return nil
            }
            values.append(value)
        }
        return values
    }

    /// Fields whose value is a secret also where it is wrong.
    private static let secrets: Set<String> = ["code", "password", "seed", "activationCode"]

    /// The most characters of a code that give nothing away: a whole one has five times as many digits.
    private static let mostOfCode = 4

    /// `, not "fgt"` behind what was expected; nothing for what may be most of a secret.
    private static func echo(_ value: JSONValue, of key: String) -> String {
        switch value {
        case .string(let text):
            let isSafe = !secrets.contains(key) || key == "code" && text.utf8.count <= mostOfCode
            return isSafe ? ", not \(quoted(text))" : ""
        case .integer(let number): return secrets.contains(key) ? "" : ", not \(number)"
        case .number(let number): return secrets.contains(key) ? "" : ", not \(number)"
        default: return ", not \(value.kind)"
        }
    }

    /// Throws the first thing that is wrong, with all of them as its members where there are several.
    func check() throws(Problem) {
        guard let first = defects.error else { return }
        var problem = Problem.invalid(
            first.path.isEmpty ? first.reason : "\(first.path) \(first.reason)",
            at: first.path.isEmpty ? nil : first.path
        )
        if !first.others.isEmpty {
            problem.detail += " (and \(first.others.count) more)"
            problem.members.append(.init("errors", .array(first.all.map { .object(Problem.members(of: $0)) })))
        }
        throw problem
    }

    /// A value that has to be there, once nothing is wrong with any field; throws everything that is.
    func checked<Value>(_ value: Value?) throws(Problem) -> Value {
        try check()
        guard let value else { preconditionFailure("a field that is missing or wrong was noted") }
        return value
    }
}
