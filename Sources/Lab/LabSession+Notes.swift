import Journal
import Registry
import SoftToken

/// What records tell of an answer, taken from the ruling and not from its bytes.
extension LabSession {
    /// Notes who asked, for what, and what each token and the whole came to.
    func note(_ answer: LabAnswer, in record: inout ExchangeRecord) {
        switch answer {
        case .decided(.polling(let request), let ruling):
            guard case .polling(let outcome) = ruling.outcome else { return }
            note(outcome, to: request.header, in: &record)
        case .decided(let request, let ruling):
            let outcome = ruling.outcome.message
            (record.type, record.serial) = (request.type.shortName, request.header?.serial)
            record.code = outcome.refusal.map(code(of:))
            var index = 0
            outcome.forEachToken { result in
                switch result {
                case .granted(let token, let license): note(token, of: license, in: &record)
                case .refused(let token, let reason, let field):
                    note(token, refusedFor: reason, field, at: index, in: &record)
                }
                index += 1
            }
            guard case .mobile(let phone) = request, outcome.refusal != nil, phone.hasWholeCode else { return }
            record.reason = Self.wholeCode
        case .fieldInvalid(let type, let header, let field):
            (record.type, record.serial) = (type.shortName, header.serial)
            record.code = code(of: .fieldInvalid)
            record.reason = "\(field.name) is missing or invalid"
        case .unknownType: record.code = code(of: .unknownType)
        case .unreadable, .unavailable: return
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

    private func note(_ token: TokenSerial, of license: LicenseNumber?, in record: inout ExchangeRecord) {
        if record.license == nil { record.license = license }
        record.tokens.append(token)
    }

    private func code(of reason: ServiceError) -> Int { lab.choices.writer.errors[reason].code }
}
