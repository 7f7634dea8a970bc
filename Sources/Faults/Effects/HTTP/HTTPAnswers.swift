import Notation

extension Effect {
    static let httpTruncate = Effect(
        "http.truncate",
        at: [.answer],
        ends: true,
        "The connection closes in the middle of the answer's body.",
        parameters: [
            Parameter("fraction", .number(0...1), default: "0.5", "which share of the body is sent"),
            Parameter("bytes", .integer(0...1_048_576, unit: "bytes"), default: "what fraction says", "how much of it"),
        ],
        observed: [
            .curl("curl: (18) transfer closed with"),
            .openssl("HTTP/1.1 200 OK"),
            .python("IncompleteRead: IncompleteRead("),
        ],
        expected: "refuses the answer"
    ) { arguments throws(RuleDefect) in
        let cut: AnswerPlan.Cut
        if let bytes = arguments.integer("bytes") {
            guard !arguments.has("fraction") else { throw RuleDefect("with", "fraction and bytes exclude each other") }
            cut = .bytes(bytes)
        } else {
            let share = arguments.number("fraction") ?? 0.5
            guard share < 1 else { throw RuleDefect("with.fraction", "1 would be the whole body") }
            cut = .fraction(share)
        }
        return .edit { draft in
            if case .bytes(let count) = cut, count >= draft.body.count {
                return "the body has only \(Wording.count(draft.body.count, "byte"))"
            }
            guard !draft.body.isEmpty else { return "there is no body" }
            draft.cut = cut
            return nil
        }
    }

    static let httpLength = Effect(
        "http.length",
        at: [.answer],
        ends: true,
        "Content-Length lies by so many bytes; the connection closes behind the body.",
        parameters: [
            Parameter("delta", .integer(-1_048_576...1_048_576, unit: "bytes"), "how many too many, or too few")
        ],
        observed: [
            .curl("curl: (18) transfer closed with 10 bytes remaining to read"),
            .openssl("Content-Length: 408"),
            .python("IncompleteRead(398 bytes read, 10 more expected)"),
        ],
        expected: "refuses the answer"
    ) { arguments throws(RuleDefect) in
        let delta = arguments.integer("delta") ?? 0
        guard delta != 0 else { throw RuleDefect("with.delta", "0 would be the truth") }
        return .edit { draft in
            guard draft.body.count + delta >= 0 else {
                return "the body has only \(Wording.count(draft.body.count, "byte"))"
            }
            draft.lengthError = delta
            draft.cut = .fraction(1)
            return nil
        }
    }

    static let httpEmpty = Effect(
        "http.empty",
        at: [.answer],
        "The answer has status 200 and no body; the request was carried out.",
        observed: [
            .curl("Content-Length: 0"),
            .openssl("Content-Length: 0"),
            .python("JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        ],
        expected: "refuses the answer"
    ) { _ in
        .edit { draft in
            draft.status = 200
            draft.body = []
            return nil
        }
    }

    static let httpContentType = Effect(
        "http.contentType",
        at: [.answer],
        "Content-Type says something else of the same body.",
        parameters: [Parameter("value", .text(atMost: 256), default: "text/html", "what it says")],
        observed: [
            .curl("Content-Type: text/html"), .openssl("Content-Type: text/html"), .python("Content-Type: text/html"),
        ],
        expected: "refuses the answer, or takes it and says so"
    ) { arguments throws(RuleDefect) in
        let value = arguments.text("value") ?? "text/html"
        if let reason = FieldCheck.reason("Content-Type", value) { throw RuleDefect("with.value", reason) }
        let isUsual = value.lowercased() == "application/json; charset=utf-8"
        let defect = isUsual ? RuleDefect("with.value", "it is what the service says itself") : nil
        return .edit(contradiction: { _ in defect }) { draft in
            draft.contentType = value
            return nil
        }
    }

    static let httpMalformed = Effect(
        "http.malformed",
        at: [.answer],
        "The body is broken JSON: its end is missing, it is no UTF-8, a key comes twice, it is too deep, or it is HTML.",
        parameters: [
            Parameter(
                "kind",
                .choice(Malformation.allCases.map(\.rawValue)),
                default: "unterminated",
                "how it is broken"
            )
        ],
        observed: [
            .curl("HTTP/1.1 200 OK"), .openssl("HTTP/1.1 200 OK"), .python("JSONDecodeError: Unterminated string"),
        ],
        expected: "refuses the answer, and does not crash"
    ) { arguments throws(RuleDefect) in
        let kind = try arguments.choice("kind", default: .unterminated) { Malformation(rawValue: $0) }
        return .edit { draft in
            guard !draft.body.isEmpty else { return "there is no body" }
            draft.body = kind.broken(draft.body)
            return nil
        }
    }

    static let httpLost = Effect(
        "http.lost",
        at: [.answer],
        ends: true,
        "The request is carried out, and its answer is not sent: the connection closes.",
        observed: [
            .curl("curl: (52) Empty reply from server"),
            .python("RemoteDisconnected: Remote end closed connection without response"),
        ],
        expected: "asks again, and ends in one consistent state"
    ) { _ in
        Action { plan, _ in plan.answer.isLost = true }
    }
}

/// The ways in which JSON is broken.
private enum Malformation: String, CaseIterable {
    case unterminated, badUtf8, duplicateKeys, deep, html

    /// How deep `deep` is: more than parsers of one call a level have stack for.
    private static let depth = 20_000

    func broken(_ body: [UInt8]) -> [UInt8] {
        switch self {
        case .unterminated: return Array(body.prefix(max(1, body.count * 2 / 3)))
        case .badUtf8:
            // A lone continuation byte within the first string.
            guard let quote = body.firstIndex(of: 0x22) else { return [0x80] + body }
            return body[...quote] + [0x80] + body[(quote + 1)...]
        case .duplicateKeys:
            guard let brace = body.firstIndex(of: 0x7B) else { return body + body }
            return body[...brace] + Array("\"d\":{},".utf8) + body[(brace + 1)...]
        case .deep: return Array(repeating: 0x5B, count: Self.depth) + Array(repeating: 0x5D, count: Self.depth)
        case .html: return Array(BlockPage.generic.text.utf8)
        }
    }
}
