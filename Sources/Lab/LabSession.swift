import Registry
package import SoftToken
import TLS

/// One loop's way into a lab: reads on the loop, hands writes to the lab's writer, seals seeds, writes answers.
package final class LabSession {
    /// The lab.
    package let lab: Lab
    let registry: RegistrySession

    init(of lab: Lab, atEndOfTurn: @escaping @Sendable (@escaping () -> Void) -> Void) throws(StoreError) {
        self.lab = lab
        registry = try lab.store.makeSession { session in atEndOfTurn { session.flush() } }
    }

    /// Reads a message that was posted to `endpoint`, and answers it where nothing has to be written.
    package func read(_ body: Span<UInt8>, at endpoint: Endpoint) -> LabReading {
        read(RequestDecoder.decode(body, at: endpoint))
    }

    /// The same of a message that was decoded already; `certificate` is the unit that a client certificate names.
    package func read(_ decoded: Decoded, certificate: Serial? = nil) -> LabReading {
        switch decoded {
        case .request(.polling(let request)): return .answered(poll(request, certificate))
        case .request(.provision(let request)): return .change(.provision(request))
        case .request(.activation(let request)): return .change(.activation(request))
        case .request(.mobile(let request)): return .change(.claim(request))
        case .notJSON(let error): return .answered(.unreadable(error))
        case .unknownType: return .answered(.unknownType)
        case .fieldInvalid(let type, let header, let field): return .answered(.fieldInvalid(type, header, field))
        }
    }

    private func poll(_ request: PollingRequest, _ certificate: Serial?) -> LabAnswer {
        do throws(StoreError) {
            return .polling(request, try registry.poll(request, lab.ruleContext(certificate: certificate)))
        } catch {
            return .unavailable(error)
        }
    }

    /// Carries a change out; it is durable when this returns.
    ///
    /// `certificate` is the unit that a client certificate names.
    package func carryOut(_ change: LabChange, certificate: Serial? = nil) async -> LabAnswer {
        do throws(StoreError) {
            let context = lab.ruleContext(certificate: certificate)
            switch change {
            case .provision(let request):
                return .provision(request, try await registry.provision(request, context))
            case .activation(let request):
                return .activation(request, try await registry.activate(request, context))
            case .claim(let request):
                return .mobile(request, seal(try await registry.claim(request, context).outcome, for: request))
            }
        } catch {
            return .unavailable(error)
        }
    }

    /// Seals the seed that a phone may have (docs/protocol.md 3.6).
    ///
    /// [our choice: mobile-id-hash] `mobile_id_hash` is the lower-case hexadecimal SHA-256 of `mobile_id`; the service's
    /// own function is not public.
    private func seal(_ outcome: MobileOutcome, for request: MobileProvisionRequest) -> MobileAnswer {
        switch outcome {
        case .refused(let reason): return .refused(reason)
        case .granted(let token, let seed):
            let phone = Array(request.mobileID.utf8)
            let hash = TLS.Hexadecimal.text(SHA256.hash(of: phone.span))
            let sealed = SealedSeed(digits: seed.hexadecimal.span, mobileID: phone.span)
            return .granted(token: token, mobileIDHash: Array(hash.utf8), sealedSeed: sealed.base64)
        }
    }

    /// Writes the answer's body behind what `body` holds.
    package func write(_ answer: LabAnswer, into body: inout [UInt8]) -> LabAnswer.Kind {
        let writer = lab.choices.writer
        switch answer {
        case .activation(let request, let ruling):
            writer.append(ruling.outcome, to: request.header, peers: ruling.peers, into: &body)
        case .provision(let request, let ruling):
            writer.append(ruling.outcome, to: request.header, peers: ruling.peers, into: &body)
        case .polling(let request, let ruling):
            writer.append(ruling.outcome, to: request.header, peers: ruling.peers, into: &body)
        case .mobile(let request, let answer):
            writer.append(answer, to: request, into: &body)
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

    /// The service's code for the refusal at the top of `answer`.
    package func code(of answer: LabAnswer) -> Int? {
        answer.refusal.map { lab.choices.writer.errors[$0].code }
    }
}
