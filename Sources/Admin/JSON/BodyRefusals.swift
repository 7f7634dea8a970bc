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
        first.members.append(.init(name: "errors", value: .array(all.map(Self.member))))
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
