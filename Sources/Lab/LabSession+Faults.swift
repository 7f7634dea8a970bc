package import Faults
import Registry
import RegistrySQLite
package import SoftToken

/// What fault rules see of a message, and what they make of it.
extension LabSession {
    /// What a message to this path says of itself, and where `lookingUpLicenses` what the registry says that it is about.
    package func facts(of decoded: Decoded, path: String, lookingUpLicenses: Bool) -> ExchangeFacts {
        var facts = ExchangeFacts(path: path)
        switch decoded {
        case .request(let request):
            note(request, in: &facts)
            guard lookingUpLicenses, let licenses = try? registry.licenses(of: request) else { break }
            facts.licenses = licenses.map(\.description)
        case .fieldInvalid(let type, let header, _):
            facts.message = type.shortName
            facts.serial = header.serial?.description
        case .notJSON, .unknownType: break
        }
        return facts
    }

    private func note(_ request: SoftTokenRequest, in facts: inout ExchangeFacts) {
        switch request {
        case .activation(let activation):
            facts.message = RequestType.activation.shortName
            facts.serial = activation.header.serial.description
        case .provision(let provision):
            facts.message = RequestType.provision.shortName
            facts.serial = provision.header.serial.description
            for case .order(let order) in provision.tokens { facts.tokens.append(order.token.description) }
        case .polling(let polling):
            facts.message = RequestType.polling.shortName
            facts.serial = polling.header.serial.description
            for case .token(let token) in polling.tokens { facts.tokens.append(token.description) }
        case .mobile: facts.message = RequestType.mobile.shortName
        }
    }

    /// The answer of a service that refuses, of the right shape: nobody is looked up and nothing is carried out.
    ///
    /// Every unit counts as registered; the reasons are placeholders, which whoever ordered the refusal replaces. Nil where
    /// there is nothing to refuse: no readable message, no token, or no other unit.
    package func refusal(of decoded: Decoded, at place: RefusalPlace) -> LabAnswer? {
        guard case .request(let request) = decoded, Self.has(place, request) else { return nil }
        let listingTokens = place != .top
        switch request {
        case .activation(let activation):
            let ruling = Ruling(
                outcome: ActivationOutcome.refused(.licenseOfOtherProduct),
                peers: peers(of: activation.header)
            )
            return .activation(activation, ruling)
        case .provision(let provision):
            let listed = listingTokens ? provision.tokens : []
            let tokens = listed.map { entry -> ProvisionOutcome.Entry in
                switch entry {
                case .order(let order): .refused(token: order.token.description, .tokenOfOtherProduct)
                case .malformed(let text, _): .refused(token: text, .tokenOfOtherProduct)
                }
            }
            let outcome = ProvisionOutcome(tokens: tokens, refusal: .noValidToken)
            return .provision(provision, Ruling(outcome: outcome, peers: peers(of: provision.header)))
        case .polling(let polling):
            let listed = listingTokens ? polling.tokens : []
            let tokens = listed.map { entry -> PollingOutcome.Entry in
                switch entry {
                case .token(let token): .refused(token: token.description, .tokenOfOtherProduct)
                case .malformed(let text): .refused(token: text, .tokenOfOtherProduct)
                }
            }
            let outcome = PollingOutcome(tokens: tokens, refusal: .noValidToken)
            return .polling(polling, Ruling(outcome: outcome, peers: peers(of: polling.header)))
        case .mobile(let claim): return .mobile(claim, .refused(.activationCodeInvalid))
        }
    }

    private static func has(_ place: RefusalPlace, _ request: SoftTokenRequest) -> Bool {
        let (tokens, header): (Int, RequestHeader?) =
            switch request {
            case .activation(let activation): (0, activation.header)
            case .provision(let provision): (provision.tokens.count, provision.header)
            case .polling(let polling): (polling.tokens.count, polling.header)
            case .mobile: (0, nil)
            }
        return switch place {
        case .top: true
        case .token: tokens > 0
        case .peer: header.map { header in header.cluster.contains { $0 != header.serial } } ?? false
        }
    }

    private func peers(of header: RequestHeader) -> [ClusterPeer] {
        (header.cluster.filter { $0 != header.serial } + [header.serial])
            .map { ClusterPeer(serial: $0, isRegistered: true) }
    }

    /// The message with the last tokens, this share of them, spoilt, so that they are refused and the others are not.
    package func parted(_ decoded: Decoded, failing fraction: Double) -> Decoded {
        switch decoded {
        case .request(.provision(var request)):
            for index in failing(fraction, of: request.tokens.count) {
                guard case .order(let order) = request.tokens[index] else { continue }
                request.tokens[index] = .malformed(token: order.token.description)
            }
            return .request(.provision(request))
        case .request(.polling(var request)):
            for index in failing(fraction, of: request.tokens.count) {
                guard case .token(let token) = request.tokens[index] else { continue }
                request.tokens[index] = .malformed(token: token.description)
            }
            return .request(.polling(request))
        case .request, .notJSON, .unknownType, .fieldInvalid: return decoded
        }
    }

    private func failing(_ fraction: Double, of count: Int) -> Range<Int> {
        (count - Step.failing(fraction, of: count))..<count
    }
}
