import IO
package import Lab
package import Server
import Synchronization

/// What the admin plane administers: the labs with their listeners and folders, the certificates, the server's
/// readiness.
package final class Installation: Sendable {
    /// The labs.
    package let labs: Labs
    let folder: LabFolder
    let plane: DataPlane
    let readiness: Readiness
    let certificates: Certificates
    let metrics: Metrics
    /// How fault rules come and go.
    package let faults: FaultAdministration
    /// Where those that people add are kept.
    package let shelf: RuleShelf
    /// The ready-made worlds, by name.
    let scenarios: [Scenario]
    /// Where they come from, for whoever asks for another.
    let scenarioPlace: String
    /// The folder of the certificates, for commands that people copy.
    let certificateFolder: String
    /// The seed of labs that are given none.
    let seed: UInt64
    /// One thing at a time is done to the set of labs.
    let changes = Turnstile()
    /// How many labs are gone by name, and still finish what is under way.
    let closing = Monitor(0)
    /// The places for what takes longer than the loop may be held: few threads at once, for one address after another.
    ///
    /// Each connection may ask for such work at the same time. A thread for each would leave the loop, and those who
    /// are served, little of the machine.
    let workshop = FairTurnstile<SocketAddress.Host>(places: 2)
    /// Where documents are read.
    let documents: DocumentPlaces
    private let changesOfLabs = Monitor<[String: Turnstile]>([:])
    let browsers: LoopLocal<BrowserShelf>
    /// How many connections the plane has places for.
    let places: (all: Int, perAddress: Int)
    /// The journals that are watched.
    let streams: Quota
    /// The expectations that are waited for.
    let waits: Quota

    /// Joins them; every route is carried out on the server's control loop, within its limits.
    ///
    /// `report` hears why a lab's rules were not kept.
    package init(
        labs: Labs,
        folder: LabFolder,
        plane: DataPlane,
        readiness: Readiness,
        certificates: Certificates,
        metrics: Metrics,
        scenarios: [Scenario],
        scenarioPlace: String,
        certificateFolder: String,
        seed: UInt64,
        on server: Server,
        report: @escaping @Sendable (_ lab: String, _ reason: String) -> Void
    ) {
        self.labs = labs
        self.folder = folder
        self.plane = plane
        let shelf = RuleShelf(folder)
        self.shelf = shelf
        faults = FaultAdministration(of: plane, presenting: certificates) { lab, rules in
            do {
                try await IO.Thread.perform(named: "rules") { try shelf.keep(rules, of: lab) }
            } catch {
                report(lab.name, "\(error)")
            }
        }
        self.readiness = readiness
        documents = DocumentPlaces(until: readiness)
        self.certificates = certificates
        self.metrics = metrics
        self.scenarios = scenarios
        self.scenarioPlace = scenarioPlace
        self.certificateFolder = certificateFolder
        self.seed = seed
        browsers = LoopLocal(BrowserShelf(), on: server.control.loop)
        places = (server.controlCensus.limit, server.controlCensus.limitPerAddress)
        // Those that last leave places for calls that do not.
        let most = max(1, places.all / 2)
        streams = Quota(of: "streams", limit: min(server.limits.adminStreams, most), setting: "limits.adminStreams")
        waits = Quota(of: "waits", limit: min(server.limits.adminWaits, most), setting: "limits.adminWaits")
    }

    /// Lets what is presented be good or bad by a lab's clock that was changed as a whole, and ports refuse by it.
    func followClock(of lab: Lab) async {
        await certificates.follow(lab)
        await certificates.followProfiles(of: lab)
        await plane.followRefusals(of: lab)
    }

    /// Puts the rules of the scenario that runs in a lab back into force, after a restart; throws why one can't act.
    package func resumeScenario(of lab: Lab) async throws {
        try await ScenarioStage(installation: self, lab: lab).resume()
    }

    /// One thing at a time is done to a lab as a whole, whichever lab bears the name.
    func changes(of lab: String) -> Turnstile {
        changesOfLabs.withLock { turnstiles in
            let turnstile = turnstiles[lab] ?? Turnstile()
            turnstiles[lab] = turnstile
            return turnstile
        }
    }
}

/// Whether the server takes work: true from the moment every listener accepts until it drains.
package final class Readiness: Sendable {
    private let flag = Atomic(false)

    /// Not ready yet.
    package init() {}

    /// Whether it takes work.
    package var isReady: Bool { flag.load(ordering: .relaxed) }

    /// Says so.
    package func set(_ isReady: Bool) {
        flag.store(isReady, ordering: .relaxed)
    }
}
