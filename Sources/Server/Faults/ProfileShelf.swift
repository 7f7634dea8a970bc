import IO
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

    struct Key: Hashable, Sendable {
        let lab: String
        /// The profile's name; nil for what is presented anyway.
        let profile: String?
    }

    private struct State: Sendable {
        var prepared: [Key: Prepared] = [:]
        var clientCertificates: [Bool: ClientCertificateRequest] = [:]
    }

    private let state = Monitor(State())

    /// Nothing yet.
    package init() {}

    /// What to present to a client of a lab that asked for this name; nil where it was never prepared.
    func variant(of profile: String?, in lab: String, for serverName: String?) -> Variant? {
        state.withLock { state in
            guard let prepared = state.prepared[Key(lab: lab, profile: profile)] else { return nil }
            guard let serverName, CertificateTemplate.Calling(asking: serverName) == .byName else {
                return prepared.unnamed
            }
            return prepared.byName[String(CertificateTemplate.relative(serverName))] ?? prepared.standard
        }
    }

    /// How a client is asked for a certificate; nil before anybody prepared to.
    func clientCertificate(isRequired: Bool) -> ClientCertificateRequest? {
        state.withLock { $0.clientCertificates[isRequired] }
    }

    // MARK: For whoever makes them

    func put(_ prepared: Prepared, as key: Key) { state.withLock { $0.prepared[key] = prepared } }

    func put(_ requests: [ClientCertificateRequest]) {
        state.withLock { state in
            state.clientCertificates = Dictionary(requests.map { ($0.isRequired, $0) }) { $1 }
        }
    }

    func prepared(as key: Key) -> Prepared? { state.withLock { $0.prepared[key] } }

    /// What is there, of one lab or of all.
    func keys(of lab: String? = nil) -> [Key] {
        state.withLock { $0.prepared.keys.filter { lab == nil || $0.lab == lab } }
    }

    /// Drops what a lab has.
    func removeAll(of lab: String) {
        state.withLock { state in state.prepared = state.prepared.filter { $0.key.lab != lab } }
    }
}
