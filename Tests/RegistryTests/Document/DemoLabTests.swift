import Foundation
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct DemoLab {
    let registry: MemoryRegistry
    // The day on which the published exchanges are posted to the demo lab does not matter; this is one.
    let context = RuleContext(now: 1_795_219_200, choices: RuleChoices(), chance: Chance(seed: 1))

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Config/registry.yaml")
        registry = MemoryRegistry(try RegistryDocument.read(file: file.standardized.path, chance: Chance(seed: 1)))
    }

    private func header(_ unit: String, _ cluster: [String]) throws -> RequestHeader {
        RequestHeader(
            sender: Sender(version: "4", deviceVersion: "7.0", deviceBuild: "2573"),
            serial: try serial(unit),
            cluster: try cluster.map { try serial($0) }
        )
    }

    private func redeem(_ text: String, by unit: String, with cluster: [String]) throws -> Ruling<ActivationOutcome> {
        let request = ActivationLicenseRequest(header: try header(unit, cluster), code: try code(text))
        return Rules(registry, context).activate(request)
    }

    @Test func `the published activation has run out, and both units are registered`() throws {
        let ruling = try redeem(
            "DA8C-0508-1F31-4CF7-C990",
            by: "FG4H0ETB20900993",
            with: ["FG4H0ETB20900993", "FG4H0E5819900260"]
        )
        #expect(ruling.outcome == .refused(.licenseExpired))
        #expect(
            ruling.peers == [
                ClusterPeer(serial: try serial("FG4H0E5819900260"), isRegistered: true),
                ClusterPeer(serial: try serial("FG4H0ETB20900993"), isRegistered: true),
            ]
        )
    }

    @Test func `the published provision names a foreign token, and its peer is not registered`() throws {
        let foreign = try token("FTKMOB947FDC1754")
        let order = ProvisionOrder(token: foreign, seed: try seed(), codeExpire: 4_320, parameters: .published)
        let request = ProvisionRequest(
            header: try header("FG140E4Q17000494", ["FG140E4Q17000494", "FG140E4Q17000407"]),
            tokens: [.order(order)]
        )
        let ruling = Rules(registry, context).provision(request)
        #expect(
            ruling.outcome
                == ProvisionOutcome(
                    tokens: [.refused(token: "FTKMOB947FDC1754", .tokenOfOtherProduct)],
                    refusal: .noValidToken
                )
        )
        #expect(
            ruling.peers == [
                ClusterPeer(serial: try serial("FG140E4Q17000407"), isRegistered: false),
                ClusterPeer(serial: try serial("FG140E4Q17000494"), isRegistered: true),
            ]
        )
    }

    @Test func `the published poll names its trial license`() throws {
        let request = PollingRequest(
            header: try header("FGT3HD3915801656", ["FGT3HD3915801656", "FGT3HD3915801685"]),
            tokens: [.token(try token("FTKMOB83F91CD33B"))]
        )
        let ruling = Rules(registry, context).poll(request)
        guard case .found(let polled) = ruling.outcome.tokens.first else {
            Issue.record("the token was refused")
            return
        }
        #expect(polled.license == (try number("FTMTRIAL02062407")))
        #expect(ruling.peers.allSatisfy { $0.isRegistered })
    }

    @Test func `the tour's code is ready, and the license on the peer fails on the primary`() throws {
        let pair = ["FGT60FTK20000001", "FGT60FTK20000002"]
        let ready = try redeem("0F1E-2D3C-4B5A-6978-8796", by: pair[0], with: pair)
        guard case .granted(let license, let tokens) = ready.outcome else {
            Issue.record("the code was refused")
            return
        }
        #expect(license == (try number("EFTM000000000001")))
        #expect(tokens.count == 5)
        let onPeer = try redeem("2B3C-4D5E-6F70-8192-A3B4", by: pair[0], with: pair)
        #expect(onPeer.outcome == .refused(.licenseOfOtherProduct))
    }

    @Test(arguments: [
        ("3C4D-5E6F-7081-92A3-B4C5", "FAC-VM0000000001", nil),
        ("4D5E-6F70-8192-A3B4-C5D6", "FAC-VM0000000001", ServiceError.licenseNotFound),
        ("0F1E-2D3C-4B5A-6978-8796", "FGVM000000000004", .productNotRegistered),
    ])
    func `other licenses show the other answers`(text: String, unit: String, refusal: ServiceError?) throws {
        switch try redeem(text, by: unit, with: [unit]).outcome {
        case .granted: #expect(refusal == nil)
        case .refused(let reason): #expect(reason == refusal)
        }
    }

    @Test func `one token is locked and one trial is stale`() throws {
        #expect(registry.tokens[try token("FTKMOB00000010CC")]?.state(at: context.now) == .locked)
        #expect(registry.licenses[try number("FTMTRIAL0BDD59BA")]?.isStale == true)
    }
}
