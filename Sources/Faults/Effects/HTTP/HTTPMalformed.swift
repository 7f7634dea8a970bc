/// Breaks the JSON.
struct HTTPMalformed: Effect {
    private enum Kind: String, CaseIterable {
        case unterminated, badUtf8, duplicateKeys, deep, html
    }

    static let entry = EffectEntry(
        "http.malformed",
        at: [.answer],
        "The body is broken JSON: its end is missing, it is no UTF-8, a key comes twice, it is too deep, or it is HTML.",
        parameters: [
            Parameter("kind", .choice(Kind.allCases.map(\.rawValue)), default: "unterminated", "how it is broken")
        ],
        observed: [
            .curl("HTTP/1.1 200 OK"),
            .openssl("HTTP/1.1 200 OK"),
            .python("JSONDecodeError: Unterminated string"),
        ],
        expected: "refuses the answer, and does not crash"
    )

    private let kind: Kind

    /// How deep `deep` is: more than parsers of one call a level have stack for.
    private static let depth = 20_000

    init(_ arguments: Arguments) {
        kind = arguments.text("kind").flatMap { Kind(rawValue: $0) } ?? .unterminated
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let kind = self.kind
        plan.answer.edit { draft in
            guard !draft.body.isEmpty else { return "there is no body" }
            draft.body = Self.broken(draft.body, kind)
            return nil
        }
    }

    private static func broken(_ body: [UInt8], _ kind: Kind) -> [UInt8] {
        switch kind {
        case .unterminated: return Array(body.prefix(max(1, body.count * 2 / 3)))
        case .badUtf8:
            // A lone continuation byte within the first string.
            guard let quote = body.firstIndex(of: 0x22) else { return [0x80] + body }
            return body[...quote] + [0x80] + body[(quote + 1)...]
        case .duplicateKeys:
            guard let brace = body.firstIndex(of: 0x7B) else { return body + body }
            return body[...brace] + Array("\"d\":{},".utf8) + body[(brace + 1)...]
        case .deep: return Array(repeating: 0x5B, count: depth) + Array(repeating: 0x5D, count: depth)
        case .html: return Array(BlockPages.generic.utf8)
        }
    }
}
