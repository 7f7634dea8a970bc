package import Journal
import Notation
package import Registry
import RegistrySQLite
package import SoftToken
import TLS

/// One loop's way into a lab: reads on the loop, hands writes to the lab's writer, seals seeds, writes answers.
package final class LabSession {
    /// The lab.
    package let lab: Lab
    let registry: SQLiteSession

    /// What one request leaves behind for the next, for the memory that it has.
    private struct Memory {
        var lists = RequestLists()
        var ruling = Ruling(outcome: PollingOutcome(tokens: [], refusal: nil))
    }
    private var memory: Memory {
        _read { yield unsafe kept }
        _modify { yield unsafe &kept }
    }
    // One loop has the session, and neither the decoder nor the rules come back to it, so that no access can overlap
    // another.
    @exclusivity(unchecked) private var kept = Memory()
    /// How many bytes a request may have whose memory is kept, and how many tokens a poll.
    private static let (keptBytes, keptTokens) = (8_192, 64)

    /// A loop's session with a lab.
    ///
    /// `atEndOfTurn` puts work off to the end of the loop's turn, so that all that one turn asks to be written goes to
    /// the writer at once. Throws where the registry cannot be read.
    package init(of lab: Lab, atEndOfTurn: @escaping @Sendable (@escaping () -> Void) -> Void) throws(StoreError) {
        self.lab = lab
        registry = try lab.registry.makeSession { session in atEndOfTurn { session.flush() } }
    }

    /// Reads a body that was posted to `endpoint`.
    package func decode(_ bytes: Span<UInt8>, at endpoint: Endpoint) -> Decoded {
        defer { if bytes.count > Self.keptBytes { memory.lists = RequestLists() } }
        return RequestDecoder.decode(bytes, at: endpoint, keeping: &memory.lists)
    }

    /// Answers a message that only asks, or that cannot be understood; nil where it may change something, which takes a
    /// wait (``carryOut(_:certificate:)``).
    ///
    /// Writes the body behind what `body` holds, and notes in `record` who asked and what came of it. `certificate` is
    /// the unit that a client certificate names.
    package func answer(
        _ decoded: Decoded,
        certificate: Serial? = nil,
        into body: inout [UInt8],
        noting record: inout ExchangeRecord
    ) -> LabAnswer.Kind? {
        switch decoded {
        case .request(.polling(let request)):
            do throws(StoreError) {
                try registry.poll(request, lab.ruleContext(certificate: certificate), into: &memory.ruling)
                writer.append(memory.ruling.outcome, to: request.header, peers: memory.ruling.peers, into: &body)
                note(memory.ruling.outcome, to: request.header, in: &record)
                if request.tokens.count > Self.keptTokens { memory = Memory() }
                return .answered
            } catch {
                return write(.unavailable(error), into: &body, noting: &record)
            }
        case .request: return nil
        case .notJSON(let error): return write(.unreadable(error), into: &body, noting: &record)
        case .unknownType: return write(.unknownType, into: &body, noting: &record)
        case .fieldInvalid(let type, let header, let field):
            return write(.fieldInvalid(type, header, field), into: &body, noting: &record)
        }
    }

    /// Carries a request out; what it changes is durable when this returns.
    ///
    /// `certificate` is the unit that a client certificate names.
    package func carryOut(_ request: SoftTokenRequest, certificate: Serial? = nil) async -> LabAnswer {
        do throws(StoreError) {
            return .decided(request, try await registry.decide(request, lab.ruleContext(certificate: certificate)))
        } catch {
            return .unavailable(error)
        }
    }

    /// Seals the seed that a phone may have (docs/protocol.md 3.6).
    ///
    /// [our choice: mobile-id-hash] `mobile_id_hash` is the lower-case hexadecimal SHA-256 of `mobile_id`; the
    /// service's own function is not public.
    private func seal(_ outcome: MobileOutcome, for request: MobileProvisionRequest) -> MobileAnswer {
        switch outcome {
        case .refused(let reason): return .refused(reason)
        case .granted(let token, let seed):
            let phone = Array(request.mobileID.utf8)
            let hash = Hexadecimal.text(SHA256.hash(of: phone.span))
            let sealed = SealedSeed(digits: seed.hexadecimal.span, mobileID: phone.span)
            return .granted(token: token, mobileIDHash: Array(hash.utf8), sealedSeed: sealed.base64)
        }
    }

    /// Writes the answer's body behind what `body` holds, and notes in `record` who asked and what came of it.
    package func write(
        _ answer: LabAnswer,
        into body: inout [UInt8],
        noting record: inout ExchangeRecord
    ) -> LabAnswer.Kind {
        note(answer, in: &record)
        switch answer {
        case .decided(let request, let ruling):
            if case .mobile(let phone) = request, case .mobile(let outcome) = ruling.outcome {
                writer.append(seal(outcome, for: phone), to: phone, into: &body)
            } else if let header = request.header {
                writer.append(ruling.outcome, to: header, peers: ruling.peers, into: &body)
            }
        case .unknownType:
            writer.appendUnknownType(into: &body)
        case .fieldInvalid(let type, let header, let field):
            writer.appendFieldInvalid(field, of: type, header: header, into: &body)
        case .unreadable(let error):
            writer.appendParseFailure(error, into: &body)
            return .unreadable
        case .unavailable(let error):
            body += "{\"error\":\"the registry is not available\"}\n".utf8
            return .unavailable("\(error)")
        }
        return .answered
    }

    private var writer: AnswerWriter { lab.choices.writer }
}

/// What a lab answers to one question.
package enum LabAnswer: Sendable {
    /// What the rules decided, beside the request that it answers.
    case decided(SoftTokenRequest, Ruling<SoftTokenOutcome>)
    /// The body was no JSON, or held no object `d`.
    case unreadable(JSONError)
    /// `__type` named nothing that the path takes.
    case unknownType
    /// A field was missing or wrong.
    case fieldInvalid(RequestType, PartialHeader, RequestField)
    /// The registry could not be read or written.
    case unavailable(StoreError)

    /// How the answer goes out.
    package enum Kind: Sendable {
        /// As an answer of the service, refusals included.
        case answered
        /// As the failure of a body that could not be read.
        case unreadable
        /// As a failure of this server, for this reason.
        case unavailable(String)
    }
}
