import Foundation
import TLS
import TLSNames
import Testing

/// What a client that trusts the lab's root answers to each profile in a handshake, by the host's clock.
@Suite(.timeLimit(.minutes(1))) struct ProfileAlerts {
    private static let now = Int64(Date().timeIntervalSince1970)
    private static let presentable = ProfileWorld.all.filter { !$0.isBelowSecurityLevel }

    @Test(arguments: presentable, [ProtocolVersion.tls12, .tls13])
    func `a client sends the alert that is declared, or none`(
        profile: CertificateProfile,
        version: ProtocolVersion
    ) throws {
        try ProfileWorld.with(now: Self.now) { world in
            let minted = try world.pki.mint(profile, spanning: Self.now...Self.now, commonName: nil)
            var pair = try EnginePair(
                client: ClientContext(trustAnchors: world.pki.authority, versions: version...version),
                server: ServerContext(identity: minted.identity, ticketKeys: ticketKeys()),
                serverName: "globalftm.fortinet.net"
            )
            let ending = pair.tryHandshake()
            // A client that asks for no list and no answer cannot know.
            let isRefused = profile.kind == .defect && minted.revocation == nil
            #expect(ending.isComplete == !isRefused, "\(String(describing: ending.client))")
            let alert = ending.client?.alert
            #expect((alert?.direction == .sent) == isRefused)
            #expect(alert?.code.name == (isRefused ? profile.alert : nil))
        }
    }

    @Test(arguments: ProfileWorld.all.filter(\.isBelowSecurityLevel))
    func `what is below the security level of an ordinary server cannot be presented at it`(
        profile: CertificateProfile
    ) throws {
        try ProfileWorld.with(now: Self.now) { world in
            let minted = try world.pki.mint(profile, spanning: Self.now...Self.now, commonName: nil)
            #expect(throws: TLSError.self) {
                try ServerContext(identity: minted.identity, ticketKeys: ticketKeys())
            }
        }
    }
}
