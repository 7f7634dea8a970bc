package import Journal
import Registry
import SoftToken

/// What records tell of an answer, taken from the ruling and not from its bytes.
extension LabSession {
    /// Notes who asked, for what, and what each token and the whole came to.
    package func note(_ answer: LabAnswer, in record: inout ExchangeRecord) {
        record.type = answer.type
        record.serial = answer.serial
        record.code = code(of: answer)
        switch answer {
        case .activation(_, let ruling):
            guard case .granted(let license, let tokens) = ruling.outcome else { return }
            record.license = license
            for token in tokens { record.tokens.append(token) }
        case .provision(_, let ruling):
            for entry in ruling.outcome.tokens {
                switch entry {
                case .provisioned(let token, let license, _, _): note(token, of: license, in: &record)
                case .refused(let token, let reason): record.tokens.append(named: token, code: code(of: reason))
                }
            }
        case .polling(_, let ruling):
            for entry in ruling.outcome.tokens {
                switch entry {
                case .found(let found): note(found.token, of: found.license, in: &record)
                case .refused(let token, let reason): record.tokens.append(named: token, code: code(of: reason))
                }
            }
        case .mobile(_, .granted(let token, _, _)): record.tokens.append(token)
        case .mobile, .unreadable, .unknownType, .fieldInvalid, .unavailable: return
        }
    }

    private func note(_ token: TokenSerial, of license: LicenseNumber, in record: inout ExchangeRecord) {
        if record.license == nil { record.license = license }
        record.tokens.append(token)
    }

    private func code(of reason: ServiceError) -> Int { lab.choices.writer.errors[reason].code }
}
