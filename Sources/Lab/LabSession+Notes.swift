import Journal
import Registry
import SoftToken

/// What records tell of an answer, taken from the ruling and not from its bytes.
extension LabSession {
    /// Notes who asked, for what, and what each token and the whole came to.
    func note(_ answer: LabAnswer, in record: inout ExchangeRecord) {
        if case .polling(let request, let ruling) = answer {
            return note(ruling.outcome, to: request.header, in: &record)
        }
        record.type = answer.type?.shortName
        record.serial = answer.serial
        record.code = answer.refusal.map(code(of:))
        switch answer {
        case .activation(_, let ruling):
            guard case .granted(let license, let tokens) = ruling.outcome else { return }
            record.license = license
            for token in tokens { record.tokens.append(token) }
        case .provision(_, let ruling):
            for (index, entry) in ruling.outcome.tokens.enumerated() {
                switch entry {
                case .provisioned(let token, let license, _, _): note(token, of: license, in: &record)
                case .refused(let token, let reason, let field):
                    note(token, refusedFor: reason, field, at: index, in: &record)
                }
            }
        case .mobile(_, .granted(let token, _, _)): record.tokens.append(token)
        case .mobile(let request, .refused):
            guard request.hasWholeCode else { return }
            record.reason = Self.wholeCode
        case .fieldInvalid(_, _, let field): record.reason = "\(field.name) is missing or invalid"
        case .polling, .unreadable, .unknownType, .unavailable: return
        }
    }

    /// The same of an answer to a unit that asked how its tokens stand.
    func note(_ outcome: PollingOutcome, to header: RequestHeader, in record: inout ExchangeRecord) {
        record.type = RequestType.polling.shortName
        record.serial = header.serial
        record.code = outcome.refusal.map(code(of:))
        for index in outcome.tokens.indices {
            switch outcome.tokens[index] {
            case .found(let found): note(found.token, of: found.license, in: &record)
            case .refused(let token, let reason, let field):
                note(token, refusedFor: reason, field, at: index, in: &record)
            }
        }
    }

    /// What a phone's author is told who sends what a person would type.
    private static let wholeCode = """
        token_activation_code holds the whole activation code; a phone sends the last 8 of its 10 bytes, as 16 hexadecimal \
        digits
        """

    private func note(
        _ token: String?,
        refusedFor reason: ServiceError,
        _ field: TokenField?,
        at index: Int,
        in record: inout ExchangeRecord
    ) {
        record.tokens.append(named: token, code: code(of: reason))
        // Which member of which token is wrong; the first of several.
        guard let field, record.reason == nil else { return }
        record.reason = "tokens[\(index)].\(field.name) is missing or invalid"
    }

    private func note(_ token: TokenSerial, of license: LicenseNumber, in record: inout ExchangeRecord) {
        if record.license == nil { record.license = license }
        record.tokens.append(token)
    }

    private func code(of reason: ServiceError) -> Int { lab.choices.writer.errors[reason].code }
}
