import HTTP
import Lab
import Notation
import Registry
import Server

/// Snapshots of whole labs: registry, chance and clock.
enum SnapshotRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let limit = try call.limit()
        let all = call.installation.folder.snapshots(of: try call.lab())
        let rest = all.filter { one in call.query["cursor"].map { one.name > $0 } ?? true }
        let page = rest.prefix(limit)
        return .json(.page(page.map(resource), next: rest.count > limit ? page.last?.name : nil))
    }

    static func make(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["name"])
        let name = try body.text("name", "letters, digits, '.', '_' and '-', 63 at most") {
            LabFolder.isSnapshotName($0) ? $0 : nil
        }
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
            do {
                try await call.installation.folder.restore(name, of: lab)
            } catch {
                throw Problem(restoring: error)
            }
            await call.installation.followClock(of: lab)
            return .json(try await LabRoutes.resource(lab, call))
        }
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            try check(call.name("name"), of: lab, call)
            try call.installation.folder.removeSnapshot(call.name("name"), of: lab)
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
        Route(
            "GET",
            "/api/v1/labs/{lab}/snapshots",
            Operation(
                id: "listSnapshots",
                tag: "snapshots",
                summary: "List a lab's snapshots by name.",
                query: [.limit, .cursor],
                answers: [.page(of: "Snapshot")],
                problems: [.notFound, .unprocessableContent]
            ),
            SnapshotRoutes.list
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/snapshots",
            Operation(
                id: "createSnapshot",
                tag: "snapshots",
                summary: "Keep the lab's registry, chance and clock as they are now, while it is being used.",
                body: .init(schema: "NewSnapshot", isOptional: true),
                answers: [.created("Snapshot")],
                problems: [.notFound, .conflict, .unprocessableContent]
            ),
            SnapshotRoutes.make
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/snapshots/{name}/restore",
            Operation(
                id: "restoreSnapshot",
                tag: "snapshots",
                summary:
                    "Put the lab back to a snapshot, its clock included; fault rules stay, and the journal goes on.",
                answers: [.ok("Lab")],
                problems: [.notFound, .conflict]
            ),
            SnapshotRoutes.restore
        ),
        Route(
            "DELETE",
            "/api/v1/labs/{lab}/snapshots/{name}",
            Operation(
                id: "removeSnapshot",
                tag: "snapshots",
                summary: "Remove a snapshot.",
                answers: [.nothing],
                problems: [.notFound]
            ),
            SnapshotRoutes.remove
        ),
    ]
}
