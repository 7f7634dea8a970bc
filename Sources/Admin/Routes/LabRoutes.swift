import HTTP
import IO
import Lab
import Notation
import Registry
import Server

/// Whole labs: made, looked at, put back, removed.
enum LabRoutes {
    /// How many labs a server keeps: each costs a thread and some descriptors of those that are kept free.
    static let limit = 64

    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        // The labs are looked up after the wait, and nothing waits between them and their rows.
        let listeners = await call.installation.plane.listeners
        return try call.page(call.installation.labs.all, by: \.name) { try resource($0, listeners, call) }
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer { .json(try await resource(try call.lab(), call)) }

    static func make(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["name", "listen", "seed"])
        let given = body.required("name", "1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit") {
            LabFolder.isName($0) ? $0 : nil
        }
        let form = "ADDRESS:PORT, such as 127.0.0.1:0 or [::1]:8443, with ,proxy=ADDRESS/BITS behind it for each proxy"
        let listen = body.text("listen", form) { LabListener($0) }
        let seed = body.integer("seed", in: 0...Int.max)
        let name = try body.checked(given)
        let installation = call.installation
        return try await installation.changes.pass {
            guard installation.labs[name] == nil, await !installation.plane.hasListener(named: name) else {
                throw Problem.conflict("the name \(name) is taken by a lab or a listener")
            }
            guard installation.labs.all.count + installation.closing.withLock({ $0 }) < Self.limit else {
                throw Problem.conflict("there are \(Self.limit) labs already, as many as one server keeps")
            }
            guard !installation.folder.hasFolder(name) else {
                throw Problem.conflict("a folder of the name \(name) is in the way")
            }
            let seed = seed.map { UInt64($0) } ?? installation.seed
            let lab = try await installation.folder.make(name, seed: seed, listen: listen)
            do {
                if let listen {
                    let (address, proxies) = (listen.address, listen.proxies)
                    let plane = installation.plane
                    let entry = try await plane.open(name, at: address, for: lab, isOwn: true, behind: proxies)
                    try await lab.keep(listen.listening(at: entry.address))
                }
            } catch {
                await close(lab, installation)
                try? await removeFolder(name, installation)
                throw (error as? SystemError).map { Problem.conflict("the listener can't be opened: \($0)") } ?? error
            }
            _ = installation.labs.add(lab)
            return .created(try await resource(lab, call))
        }
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        let installation = call.installation
        // Only its name goes alone: what is under way there may take a while to finish, and nobody who has to do with a
        // lab waits for that. No other lab gets the name before the folder is gone.
        let lab = try await call.alone { lab in
            try await installation.changes.pass { try await takeOut(lab, installation) }
            return lab
        }
        defer { installation.closing.withLock { $0 -= 1 } }
        await close(lab, installation)
        try await installation.changes(of: lab.name).pass { try await removeFolder(lab.name, installation) }
        return .nothing
    }

    private static func takeOut(_ lab: Lab, _ installation: Installation) async throws {
        let listeners = await installation.plane.listeners.filter { $0.lab == lab.name && !$0.isOwn }
        guard lab.name != Lab.defaultName else {
            throw Problem.conflict("the lab \(lab.name) always exists; it can be reset")
        }
        guard listeners.isEmpty else {
            let names = listeners.map(\.name).joined(separator: ", ")
            throw Problem.conflict("the lab \(lab.name) is served by listeners of the configuration: \(names)")
        }
        _ = installation.labs.remove(lab.name)
        installation.closing.withLock { $0 += 1 }
    }

    private static func removeFolder(_ name: String, _ installation: Installation) async throws {
        let folder = installation.folder
        try await IO.Thread.perform(named: "remove") { try folder.remove(name) }
    }

    /// Lets a lab that nobody can find any more finish what is under way, and closes its registry.
    private static func close(_ lab: Lab, _ installation: Installation) async {
        await installation.plane.leave(lab)
        await installation.faults.removeAll(from: lab)
        installation.browsers.value.forget(lab)
        await installation.certificates.forget(lab)
        await installation.certificates.forgetProfiles(of: lab)
        let store = lab.store
        _ = try? await IO.Thread.perform(named: "close") { store.close() }
    }

    static func reset(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            try await Problem.restoring { try await call.installation.folder.reset(lab) }
            await call.installation.faults.removeAll(from: lab)
            await call.installation.followClock(of: lab)
            return .json(try await resource(lab, call))
        }
    }

    /// A lab as the API shows it.
    static func resource(_ lab: Lab, _ call: AdminCall) async throws -> JSONValue {
        try resource(lab, await call.installation.plane.listeners, call)
    }

    private static func resource(_ lab: Lab, _ listeners: [DataPlane.Entry], _ call: AdminCall) throws -> JSONValue {
        let counts = try call.installation.browsers.value.browser(of: lab).counts()
        let listeners = listeners.filter { $0.lab == lab.name }
            .map { ["name": .string($0.name), "address": .string("\($0.address)")] as JSONValue }
        let head: JSONValue = [
            "name": .string(lab.name), "seed": .written("\(lab.chance.seed)"), "listeners": .array(listeners),
            "clock": ClockRoutes.resource(lab),
        ]
        return .object(head.members + JSONValue.counts(counts).members)
    }
}

extension RouteTable {
    static let labs: [Route] = [
        Route("GET", "", "listLabs", LabRoutes.list)
            .does("List the labs.").asks([.limit, .cursor()]).givesPage(of: "Lab"),
        Route("POST", "", "createLab", LabRoutes.make)
            .does("Make a lab, with a listener of its own if asked.").takes("NewLab").makes("Lab").refuses(.conflict),
        Route("GET", "/{lab}", "getLab", LabRoutes.show).does("Show a lab.").gives("Lab"),
        Route("DELETE", "/{lab}", "deleteLab", LabRoutes.remove)
            .does("Remove a lab; what it has under way finishes first.").givesNothing.refuses(.conflict),
        Route("POST", "/{lab}/reset", "resetLab", LabRoutes.reset)
            .does("Put a lab back: the registry as first loaded, no fault rules, an empty journal, a running clock.")
            .gives("Lab").refuses(.conflict),
    ]
}

/// A lab's clock: looked at, set, advanced.
enum ClockRoutes {
    /// The most that one call advances the clock, in seconds: a century.
    static let longestAdvance = 3_155_760_000

    static func show(_ call: AdminCall) async throws -> AdminAnswer { .json(resource(try call.lab())) }

    static func set(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["mode", "now", "certificates"])
        guard !body.isEmpty else { throw Problem.invalid("give mode, now or certificates") }
        let mode = body.text("mode", "running or frozen") { LabClock.Mode(rawValue: $0) }
        let now = body.text("now", "a time such as 2027-11-21T08:00:00Z, from 1970 to 9998") {
            RFC3339.seconds($0).flatMap { LabClock.range.contains($0) ? $0 : nil }
        }
        let certificates = body.text("certificates", "host or lab") { LabClock.Certificates(rawValue: $0) }
        try body.check()
        return try await change(call) { clock in
            let mode = mode ?? clock.setting.mode
            let isKept = now == nil && mode == clock.setting.mode
            let setting = isKept ? clock.setting : clock.setting(mode, showing: now ?? clock.now)
            return (setting, certificates ?? clock.certificates)
        }
    }

    static func advance(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["seconds"])
        if !body.has("seconds") { body.refuse("seconds", "is missing; it must be a whole number, such as 3600") }
        let seconds = try body.checked(body.integer("seconds", in: 0...longestAdvance))
        return try await change(call) { clock throws(Problem) in
            guard LabClock.range.contains(clock.now + Int64(seconds)) else {
                throw .conflict("the clock would go past the year 9998")
            }
            var setting = clock.setting
            setting.seconds += Int64(seconds)
            return (setting, clock.certificates)
        }
    }

    /// Makes a change that depends on what the clock shows, alone.
    private static func change(
        _ call: AdminCall,
        _ decide: (LabClock) throws(Problem) -> (LabClock.Setting, LabClock.Certificates)
    ) async throws -> AdminAnswer {
        let installation = call.installation
        return try await call.alone { lab in
            let (setting, certificates) = try decide(lab.clock)
            let now = setting.mode == .frozen ? setting.seconds : LabClock.hostNow + setting.seconds
            // Made first, so that a time that no certificate can cover is refused with nothing changed.
            let identity = certificates == .lab ? try await installation.certificates.identity(at: now) : nil
            try await lab.setClock(to: setting, certificates: certificates)
            if let identity {
                try await installation.certificates.present(identity, to: lab)
            } else {
                await installation.certificates.forget(lab)
            }
            // What rules present is to be good or bad by the clock as it is now, and a port's time may be over.
            await installation.certificates.followProfiles(of: lab)
            await installation.plane.followRefusals(of: lab)
            return .json(resource(lab))
        }
    }

    /// A clock as the API shows it.
    static func resource(_ lab: Lab) -> JSONValue {
        [
            "mode": .string(lab.clock.setting.mode.rawValue),
            "now": .string(RFC3339.text(lab.clock.now) ?? ""),
            "certificates": .string(lab.clock.certificates.rawValue),
        ]
    }
}

extension RouteTable {
    static let clock: [Route] = [
        Route("GET", "", "getClock", ClockRoutes.show).does("Show a lab's clock.").gives("Clock"),
        Route("PUT", "", "setClock", ClockRoutes.set)
            .does("Freeze, run or move a lab's clock, or let its certificates follow it.")
            .takes("ClockChange").gives("Clock"),
        Route("POST", "/advance", "advanceClock", ClockRoutes.advance)
            .does("Move a lab's clock forward.").takes("ClockAdvance").gives("Clock").refuses(.conflict),
    ]
}

/// Snapshots of whole labs: registry, chance and clock.
enum SnapshotRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        try call.page(call.installation.folder.snapshots(of: try call.lab()), by: \.name, resource)
    }

    static func make(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["name"])
        let form = "letters, digits, '.', '_' and '-', 63 at most"
        let name = body.text("name", form) { LabFolder.isSnapshotName($0) ? $0 : nil }
        try body.check()
        let installation = call.installation
        return try await call.alone { lab in
            let taken = Set(installation.folder.snapshots(of: lab).map(\.name))
            let free = name ?? (1...).lazy.map { "snapshot-\($0)" }.first { !taken.contains($0) } ?? ""
            return .created(resource(try await installation.folder.makeSnapshot(free, of: lab)))
        }
    }

    static func restore(_ call: AdminCall) async throws -> AdminAnswer {
        let name = call.name("name")
        return try await call.alone { lab in
            try check(name, of: lab, call)
            try await Problem.restoring { try await call.installation.folder.restore(name, of: lab) }
            await call.installation.followClock(of: lab)
            return .json(try await LabRoutes.resource(lab, call))
        }
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            let name = call.name("name")
            try check(name, of: lab, call)
            try call.installation.folder.removeSnapshot(name, of: lab)
            return .nothing
        }
    }

    /// Refuses the name of none, with names like it.
    private static func check(_ name: String, of lab: Lab, _ call: AdminCall) throws(Problem) {
        let names = call.installation.folder.snapshots(of: lab).map(\.name)
        guard !names.contains(name) else { return }
        throw .notFound("no snapshot \(quoted(name))", suggestions: NearNames.find(name, among: names))
    }

    private static func resource(_ snapshot: LabFolder.Snapshot) -> JSONValue {
        [
            "name": .string(snapshot.name), "created": .string(RFC3339.text(snapshot.created) ?? ""),
            "bytes": .integer(snapshot.bytes),
        ]
    }
}

extension RouteTable {
    static let snapshots: [Route] = [
        Route("GET", "", "listSnapshots", SnapshotRoutes.list)
            .does("List a lab's snapshots by name.").asks([.limit, .cursor()]).givesPage(of: "Snapshot"),
        Route("POST", "", "createSnapshot", SnapshotRoutes.make)
            .does("Keep the lab's registry, chance and clock as they are now, while it is being used.")
            .takes("NewSnapshot", isOptional: true).makes("Snapshot").refuses(.conflict),
        Route("POST", "/{name}/restore", "restoreSnapshot", SnapshotRoutes.restore)
            .does("Put the lab back to a snapshot, its clock included; fault rules stay, and the journal goes on.")
            .gives("Lab").refuses(.conflict),
        Route("DELETE", "/{name}", "removeSnapshot", SnapshotRoutes.remove).does("Remove a snapshot.").givesNothing,
    ]
}
