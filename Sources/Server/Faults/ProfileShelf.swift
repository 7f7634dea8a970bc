import IO
import Lab
import TLS
import TLSNames

/// What handshakes under a rule present, made beforehand and ready for every loop: by lab and profile.
///
/// A loop only looks here; making a certificate takes time and happens elsewhere (``Certificates/prepare(_:for:)``).
package final class ProfileShelf: Sendable {
    /// One identity with an OCSP answer of every kind about it.
    struct Variant: Sendable {
        /// The identity, with the answer that an honest server would staple; nil for the one that is presented anyway.
        let identity: PresentedIdentity?
        /// The answers; a missing one is not among them.
        let staples: [StapleStatus: [UInt8]]
    }

    /// What one profile presents to one lab's clients.
    struct Prepared: Sendable {
        /// For whoever asks for no name.
        let unnamed: Variant
        /// For whoever asks for a name that is none of the others.
        let standard: Variant
        /// For names that clients ask for, in lower case.
        let byName: [String: Variant]
        /// The moments that it was made for, in Unix seconds.
        let moments: ClosedRange<Int64>
    }

    /// What was made for one lab, by profile; nil stands for what is presented anyway.
    private struct Board: Sendable {
        let lab: Lab
        var prepared: [String?: Prepared] = [:]
    }

    private struct State: Sendable {
        var boards: [ObjectIdentifier: Board] = [:]
        var clientCertificates: [Bool: ClientCertificateRequest] = [:]
    }

    private let state = Monitor(State())

    /// Nothing yet.
    package init() {}

    /// What to present to a client of a lab that asked for this name; nil where it was never prepared.
    func variant(of profile: String?, in lab: Lab, for serverName: String?) -> Variant? {
        guard let prepared = prepared(profile, for: lab) else { return nil }
        guard let serverName, CertificateTemplate.Calling(asking: serverName) == .byName else {
            return prepared.unnamed
        }
        return prepared.byName[String(CertificateTemplate.relative(serverName))] ?? prepared.standard
    }

    /// How a client is asked for a certificate; nil before anybody prepared to.
    func clientCertificate(isRequired: Bool) -> ClientCertificateRequest? {
        state.withLock { $0.clientCertificates[isRequired] }
    }

    // MARK: For whoever makes them

    func put(_ prepared: Prepared, as profile: String?, for lab: Lab) {
        state.withLock { $0.boards[ObjectIdentifier(lab), default: Board(lab: lab)].prepared[profile] = prepared }
    }

    func put(_ requests: [ClientCertificateRequest]) {
        state.withLock { $0.clientCertificates = Dictionary(requests.map { ($0.isRequired, $0) }) { $1 } }
    }

    func prepared(_ profile: String?, for lab: Lab) -> Prepared? {
        state.withLock { $0.boards[ObjectIdentifier(lab)]?.prepared[profile] }
    }

    /// The labs that something was made for.
    var labs: [Lab] { state.withLock { $0.boards.values.map(\.lab) } }

    /// The profiles that were made for a lab; nil among them where what is presented anyway was.
    func profiles(of lab: Lab) -> [String?] {
        state.withLock { $0.boards[ObjectIdentifier(lab)]?.prepared.keys.map(\.self) ?? [] }
    }

    /// Drops what was made for a lab.
    func removeAll(of lab: Lab) { state.withLock { $0.boards[ObjectIdentifier(lab)] = nil } }
}
