import Notation

/// The members of the JSON object that a request carries, each read with a refusal that names it.
struct BodyFields {
    private let members: [String: JSONValue]

    /// Takes a body that is an object with these keys at most; an absent body counts as an empty object.
    init(_ request: AdminRequest, keys: [String]) throws(Problem) {
        let value: JSONValue
        do throws(JSONTextError) {
            value = try Self.value(of: request)
        } catch {
            throw .malformed("the body is no JSON that is taken: \(error)")
        }
        try self.init(value, keys: keys, at: "the body")
    }

    private static func value(of request: AdminRequest) throws(JSONTextError) -> JSONValue {
        if let json = request.json { return try json.get() }
        return request.body.isEmpty ? .object([]) : try JSONTextError.value(of: request.body)
    }

    /// Takes an object with these keys at most.
    init(_ value: JSONValue, keys: [String], at place: String) throws(Problem) {
        guard case .object(let list) = value else { throw .invalid("\(place) must be an object, not \(value.kind)") }
        for member in list where !keys.contains(member.name) {
            throw .invalid(
                "no field \(quoted(member.name)) in \(place); known are \(keys.joined(separator: ", "))",
                at: String(member.name.prefix(48))
            )
        }
        members = Dictionary(list.map { ($0.name, $0.value) }) { $1 }
    }

    /// Whether there is no field at all.
    var isEmpty: Bool { members.isEmpty }

    /// Whether the field is there, null included.
    func has(_ key: String) -> Bool { members[key] != nil }

    /// Whether the field is null.
    func isNull(_ key: String) -> Bool { members[key] == .null }

    /// The field as it is.
    func value(_ key: String) -> JSONValue? { members[key] }

    /// A text that `read` makes a value of, or nil where the field is absent; `expected` completes "must be …".
    func text<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) throws(Problem) -> Value? {
        guard let member = members[key] else { return nil }
        guard case .string(let text) = member, let value = read(text) else {
            throw .invalid("\(key) must be \(expected)\(Self.echo(member, of: key))", at: key)
        }
        return value
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

    /// As ``text(_:_:_:)``, of a field that has to be there.
    func required<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) throws(Problem) -> Value {
        guard let value = try text(key, expected, read) else {
            throw .invalid("\(key) is missing; it must be \(expected)", at: key)
        }
        return value
    }

    /// A truth value, or nil where the field is absent.
    func flag(_ key: String) throws(Problem) -> Bool? {
        guard let member = members[key] else { return nil }
        guard case .flag(let flag) = member else {
            throw .invalid("\(key) must be true or false\(Self.echo(member, of: key))", at: key)
        }
        return flag
    }

    /// A whole number within bounds, or nil where the field is absent.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let member = members[key] else { return nil }
        guard case .integer(let number) = member, range.contains(number) else {
            throw .invalid(
                "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                    + Self.echo(member, of: key),
                at: key
            )
        }
        return number
    }

    /// A list of texts, or nil where the field is absent.
    func texts<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) throws(Problem) -> [Value]? {
        guard let member = members[key] else { return nil }
        guard case .array(let items) = member else {
            throw .invalid("\(key) must be a list\(Self.echo(member, of: key))", at: key)
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item, let value = read(text) else {
                throw .invalid(
                    "\(key)[\(index)] must be \(expected)\(Self.echo(item, of: key))",
                    at: "\(key)[\(index)]"
                )
            }
            values.append(value)
        }
        return values
    }
}

/// Everything that is wrong with the fields of a body, told at once.
struct BodyRefusals {
    private var all: [Problem] = []

    /// Reads a field, or nil where it is absent, or wrong, which is noted.
    mutating func reading<Value>(_ read: () throws(Problem) -> Value?) -> Value? {
        do throws(Problem) {
            return try read()
        } catch {
            all.append(error)
            return nil
        }
    }

    /// Throws the first thing that is wrong, with all of them as its members where there are several.
    func check() throws(Problem) {
        guard var first = all.first else { return }
        guard all.count > 1 else { throw first }
        first.detail += " (and \(all.count - 1) more)"
        first.members.append(.init("errors", .array(all.map(Self.member))))
        throw first
    }

    /// The place of what is wrong, and what is wrong there without it.
    private static func member(of problem: Problem) -> JSONValue {
        guard case .string(let path)? = problem.members.first(where: { $0.name == "path" })?.value else {
            return ["reason": .string(problem.detail)]
        }
        let reason =
            problem.detail.hasPrefix(path + " ") ? problem.detail.dropFirst(path.count + 1) : problem.detail[...]
        return ["path": .string(path), "reason": .string(String(reason))]
    }
}
