package import Faults
import Registry
import RegistrySQLite
package import SoftToken

/// What fault rules see of a message, and what they make of it.
extension LabSession {
    /// What a message to this path says of itself, and where `lookingUpLicenses` what the registry says that it is
    /// about.
    package func facts(of decoded: Decoded, path: String, lookingUpLicenses: Bool) -> ExchangeFacts {
        var facts = ExchangeFacts(path: path)
        switch decoded {
        case .request(let request):
            facts.message = request.type.shortName
            facts.serial = request.header?.serial.description
            facts.tokens = request.message.namedTokens.map(\.description)
            guard lookingUpLicenses, let licenses = try? registry.licenses(of: request) else { break }
            facts.licenses = licenses.map(\.description)
        case .fieldInvalid(let type, let header, _):
            facts.message = type.shortName
            facts.serial = header.serial?.description
        case .notJSON, .unknownType: break
        }
        return facts
    }

    /// The answer of a service that refuses, of the right shape: nobody is looked up and nothing is carried out.
    ///
    /// Every unit counts as registered; the reasons are placeholders, which whoever ordered the refusal replaces. Nil
    /// where there is nothing to refuse: no readable message, no token, or no other unit.
    package func refusal(of decoded: Decoded, at place: RefusalPlace) -> LabAnswer? {
        guard case .request(let request) = decoded else { return nil }
        let (message, header) = (request.message, request.header)
        let has =
            switch place {
            case .top: true
            case .token: message.tokenCount > 0
            case .peer: header.map { header in header.cluster.contains { $0 != header.serial } } ?? false
            }
        guard has else { return nil }
        let outcome = message.refused(listingTokens: place != .top)
        return .decided(request, Ruling(outcome: outcome, peers: header.map(peers(of:)) ?? []))
    }

    private func peers(of header: RequestHeader) -> [ClusterPeer] {
        (header.cluster.filter { $0 != header.serial } + [header.serial])
            .map { ClusterPeer(serial: $0, isRegistered: true) }
    }

    /// The message with the last tokens, this share of them, spoilt, so that they are refused and the others are not.
    package func parted(_ decoded: Decoded, failing fraction: Double) -> Decoded {
        guard case .request(let request) = decoded else { return decoded }
        let message = request.message
        return .request(message.spoilt(last: Step.failing(fraction, of: message.tokenCount)))
    }
}
