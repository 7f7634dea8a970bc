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
        let limit = try call.limit()
        // The labs are looked up after the wait, and nothing waits between them and their rows.
        let listeners = await call.installation.plane.listeners
        let rest = call.installation.labs.all.filter { lab in call.query["cursor"].map { lab.name > $0 } ?? true }
        let items = try rest.prefix(limit).map { try resource($0, listeners, call) }
        return .json(.page(items, next: rest.count > limit ? rest[limit - 1].name : nil))
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer { .json(try await resource(try call.lab(), call)) }

    static func make(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["name", "listen", "seed"])
        var refusals = BodyRefusals()
        let given = refusals.reading { () throws(Problem) in
            try body.required("name", "1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit") {
                LabFolder.isName($0) ? $0 : nil
            }
        }
        let listen = refusals.reading { () throws(Problem) in
            try body.text(
                "listen",
                "ADDRESS:PORT, such as 127.0.0.1:0 or [::1]:8443, with ,proxy=ADDRESS/BITS behind it for each proxy"
            ) {
                LabListener($0)
            }
        }
        let seed = refusals.reading { () throws(Problem) in try body.integer("seed", in: 0...Int.max) }
        try refusals.check()
        guard let name = given else { preconditionFailure("a name that is missing or wrong was refused") }
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
            let lab = try await installation.folder.make(
                name,
                seed: seed.map { UInt64($0) } ?? installation.seed,
                listen: listen
            )
            do {
                if let listen {
                    let entry = try await installation.plane.open(
                        name,
                        at: listen.address,
                        for: lab,
                        isOwn: true,
                        behind: listen.proxies
                    )
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
        // Only its name goes alone: what is under way there may take a while to finish, and nobody who has to do with a lab waits
        // for that. No other lab gets the name before the folder is gone.
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
            do {
                try await call.installation.folder.reset(lab)
            } catch {
                throw Problem(restoring: error)
            }
            await call.installation.faults.removeAll(from: lab)
            await call.installation.followClock(of: lab)
            return .json(try await resource(lab, call))
        }
    }

    /// A lab as the API shows it.
    static func resource(_ lab: Lab, _ call: AdminCall) async throws -> JSONValue {
        try resource(lab, await call.installation.plane.listeners, call)
    }

    private static func resource(
        _ lab: Lab,
        _ listeners: [DataPlane.Entry],
        _ call: AdminCall
    ) throws -> JSONValue {
        let counts = try call.installation.browsers.value.browser(of: lab).counts()
        return [
            "name": .string(lab.name),
            "seed": .written("\(lab.chance.seed)"),
            "listeners": .array(
                listeners.filter { $0.lab == lab.name }
                    .map { ["name": .string($0.name), "address": .string("\($0.address)")] }
            ),
            "clock": ClockRoutes.resource(lab),
            "devices": .integer(counts.devices),
            "licenses": .integer(counts.licenses),
            "tokens": .integer(counts.tokens),
        ]
    }
}

extension RouteTable {
    static let labs: [Route] = [
        Route(
            "GET",
            "/api/v1/labs",
            Operation(
                id: "listLabs",
                tag: "labs",
                summary: "List the labs.",
                query: [.limit, .cursor],
                answers: [.page(of: "Lab")],
                problems: [.unprocessableContent]
            ),
            LabRoutes.list
        ),
        Route(
            "POST",
            "/api/v1/labs",
            Operation(
                id: "createLab",
                tag: "labs",
                summary: "Make a lab, with a listener of its own if asked.",
                body: .init(schema: "NewLab"),
                answers: [.created("Lab")],
                problems: [.conflict, .unprocessableContent]
            ),
            LabRoutes.make
        ),
        Route(
            "GET",
            "/api/v1/labs/{lab}",
            Operation(id: "getLab", tag: "labs", summary: "Show a lab.", answers: [.ok("Lab")], problems: [.notFound]),
            LabRoutes.show
        ),
        Route(
            "DELETE",
            "/api/v1/labs/{lab}",
            Operation(
                id: "deleteLab",
                tag: "labs",
                summary: "Remove a lab; what it has under way finishes first.",
                answers: [.nothing],
                problems: [.notFound, .conflict]
            ),
            LabRoutes.remove
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/reset",
            Operation(
                id: "resetLab",
                tag: "labs",
                summary:
                    "Put a lab back: the registry as first loaded, no fault rules, an empty journal, a running clock.",
                answers: [.ok("Lab")],
                problems: [.notFound, .conflict]
            ),
            LabRoutes.reset
        ),
    ]
}
