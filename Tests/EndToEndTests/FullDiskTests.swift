import Foundation
import TestKit
import Testing

/// What the server says, does and keeps while its disk has no room.
@Suite("A full disk", .timeLimit(.minutes(2)))
struct FullDiskTests {
    private let unit = "FGT60FTK20000001"
    private let owned = "FTKMOB947FDC1754"
    private let owner = "FG100FTK20009876"

    @Test func `without room, changes answer 503 and reads go on; with room again, nothing is lost`() async throws {
        try await SmallDisk.use(mebibytes: 12) { disk in
            let data = disk.path + "/data"
            let lab = AdminPlane.lab()
            let server = try await ServerProcess.start(data: data, arguments: ["--loops", "2"])
            let admin = AdminPlane(server)
            let activation = WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit)
            let granted = try await Curl(server).post(activation).body
            #expect(granted.contains("\"result\":1"), "\(granted)")
            #expect(try await admin.post(lab + "/snapshots", #"{"name":"before"}"#).status == 201)
            let clock = try await admin.call(
                "PUT",
                lab + "/clock",
                #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#
            )
            #expect(clock.status == 200)
            let pending = try await Curl(server).post(WireMessage.provision([owned], by: owner))
            #expect(pending.status == 200)
            let files = Self.files(in: data)

            try await disk.fill()
            let filled = try await Blocking.run { try Self.change(until: 503, on: server, token: owned, by: owner) }
            #expect(filled.refusal.value(of: "content-type") == "application/problem+json", "\(filled.refusal)")
            #expect(filled.refusal.object["status"] as? Int == 503)
            #expect((filled.refusal.object["detail"] as? String)?.contains("disk is full") == true)
            let line = try await server.logLine(with: " error ", "registry.sqlite", "full")
            #expect(line.contains("lab=default"))
            for (method, path, body) in [
                ("POST", lab + "/snapshots", #"{"name":"during"}"#), ("POST", lab + "/snapshots", "{}"),
                ("POST", "/api/v1/labs", #"{"name":"during"}"#),
                ("PUT", lab + "/registry", try Self.largeDocument()),
            ] {
                let reply = try await admin.call(method, path, body)
                #expect(reply.status == 503 && reply.contentType == "application/problem+json", "\(path): \(reply)")
                #expect(reply.int("status") == 503, "\(reply.text)")
            }

            let more = try await Blocking.run { try Self.setClock(until: 503, on: server, token: owned, by: owner) }
            #expect(more.refusal.value(of: "content-type") == "application/problem+json", "\(more.refusal)")

            // Reading needs no room. The clock was refused with the certificates of five years ahead in force.
            let poll = try await Curl(server).post(WireMessage.polling([owned], by: owner))
            #expect(poll.status == 200 && poll.body.contains("\"status\":\"pending\""), "\(poll.body)")
            #expect(try await admin.get(lab + "/licenses/EFTM000000000001").string("owner") == unit)
            #expect(try await admin.get(lab + "/clock").string("now") == "2027-03-01T12:00:00Z")
            #expect(try await admin.get("/readyz").status == 200)
            let during = try KillState(try await admin.get(lab + "/registry?format=json"))
            let issued = filled.issued.merging(more.issued) { $1 }.merging(["EFTM800000000001": 3]) { $1 }
            #expect(Self.missing(issued, in: during) == ["EFTM800000000001"])
            // Neither a snapshot nor a draft of one; and a lab that could not be made left its folder, so that the next
            // start had it.
            #expect(Self.files(in: data) == files)
            #expect(try await admin.get("/api/v1/labs/during").status == 404)

            try disk.free()
            let after = try await admin.post(lab + "/licenses", #"{"size":3,"number":"EFTM800000000001"}"#)
            #expect(after.status == 201, "\(after.text)")
            let provisioned = try await Curl(server).post(WireMessage.provision([owned], by: owner))
            #expect(provisioned.status == 200, "\(provisioned.body)")
            #expect(try await admin.post(lab + "/snapshots", #"{"name":"after"}"#).status == 201)
            #expect(try await admin.post("/api/v1/labs", #"{"name":"during"}"#).status == 201)
            let code = WireMessage.values(of: "token_activation_code", in: provisioned.body).first ?? ""
            try await server.terminate()

            try await ServerProcess.serve(data: data) { server in
                let admin = AdminPlane(server)
                let state = try KillState(try await admin.get(lab + "/registry?format=json"))
                #expect(Self.missing(issued, in: state).isEmpty)
                let others = state.licenses.keys.filter { $0.hasPrefix("EFTM8") && issued[$0] == nil }
                #expect(others.isEmpty, "what was answered 503 is there: \(others)")
                #expect(try await Curl(server).post(activation).body == granted)
                let phone = WireMessage.mobile(WireMessage.digits(ofActivationCode: code))
                let claimed = try await Curl(server).post(phone, to: Curl.mobile).body
                #expect(claimed.contains("\"token\":\"\(owned)\""), "\(claimed)")
                #expect(try await admin.get(lab + "/clock").string("now") == "2027-03-01T12:00:00Z")
            }
        }
    }

    /// A lab's first document was in force and answered "nothing was changed" where there was no room for the origin
    /// that a reset goes back to.
    @Test func `a first document without room for its origin is told to be in force`() async throws {
        try await SmallDisk.use(mebibytes: 24) { disk in
            try await ServerProcess.serve(data: disk.path + "/data") { server in
                let admin = AdminPlane(server)
                let document = try Self.largeDocument(devices: 10_000)
                var answers: Set<Int> = []
                var hasTold = false
                for kibibytes in [250, 750, 1000, 5000] {
                    #expect(try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#).status == 201)
                    try await disk.fill(leaving: kibibytes)
                    let put = try await admin.call("PUT", AdminPlane.lab("team-a") + "/registry", document)
                    answers.insert(put.status)
                    let lab = try await admin.get(AdminPlane.lab("team-a"))
                    let isTold = put.string("detail")?.contains("in force") == true
                    let isKept = put.status == 200 || isTold
                    #expect(lab.int("devices") == (isKept ? 10_000 : 0), "\(kibibytes): \(put.text)")
                    hasTold = hasTold || isTold
                    try disk.free()
                    #expect(try await admin.call("DELETE", AdminPlane.lab("team-a")).status == 204)
                }
                #expect(answers == [200, 503])
                #expect(hasTold, "no size of the disk had room for the document alone")
            }
        }
    }

    /// What was answered before both planes refused.
    private struct Filled: Sendable {
        var issued: [String: Int]
        var refusal: HTTPAnswer
        /// The number of the license that would have been the next.
        var next = 0
    }

    /// Issues licenses and provisions a token until each is refused for want of room.
    ///
    /// A full disk is not the end at once: the log has room that it used before.
    private static func change(
        until status: Int,
        on server: ServerProcess,
        token: String,
        by owner: String,
        from first: Int = 10_000
    ) throws -> Filled {
        let operators = try TestClient.admin(of: server)
        let units = try server.connect()
        var issued: [String: Int] = [:]
        for index in first...first + 5000 {
            let number = "EFTM8000000" + "\(index)"
            let body = "{\"size\":50,\"number\":\"\(number)\"}"
            let change = try operators.call("POST", AdminPlane.lab() + "/licenses", body)
            if change.status == 201 { issued[number] = 50 }
            let provision = try units.post(WireMessage.provision([token], by: owner))
            guard [200, status].contains(provision.status), [201, status].contains(change.status) else {
                throw TestKitError("answered \(change.status) \(change.text), \(provision.status) \(provision.text)")
            }
            if change.status == status, provision.status == status {
                return Filled(issued: issued, refusal: change, next: index + 1)
            }
        }
        throw TestKitError("a full disk took everything")
    }

    /// Sets the clock, certificates and all, on a disk that is full; its one page finds room in the log now and then.
    private static func setClock(
        until status: Int,
        on server: ServerProcess,
        token: String,
        by owner: String
    ) throws -> Filled {
        let client = try TestClient.admin(of: server)
        let path = AdminPlane.lab() + "/clock"
        let (ahead, back) = (
            #"{"mode":"frozen","now":"2031-03-01T12:00:00Z","certificates":"lab"}"#,
            #"{"mode":"frozen","now":"2027-03-01T12:00:00Z","certificates":"host"}"#
        )
        var (issued, next): ([String: Int], Int) = ([:], 20_000)
        func fill() throws {
            let filled = try change(until: status, on: server, token: token, by: owner, from: next)
            issued.merge(filled.issued) { $1 }
            next = filled.next
        }
        for _ in 1...100 {
            try fill()
            let refusal = try client.call("PUT", path, ahead)
            if refusal.status == status { return Filled(issued: issued, refusal: refusal) }
            // Room comes with a checkpoint, and that with a commit: of other changes, where this one finds none. They
            // come by the admin plane, since what the data plane shows is of five years ahead by now.
            let deadline = Deadline(in: .seconds(60))
            var tries = 0
            while try client.call("PUT", path, back).status != 200 {
                guard !deadline.hasPassed else { throw TestKitError("the clock can't be put back") }
                tries += 1
                _ = try client.call("PATCH", AdminPlane.lab() + "/devices/\(owner)", "{\"model\":\"try \(tries)\"}")
            }
        }
        throw TestKitError("a full disk took every change of the clock")
    }

    /// A document that fits nowhere on a disk that is full.
    private static func largeDocument(devices count: Int = 2000) throws -> String {
        let devices = (0..<count).map { "{\"serial\":\"FGT60E\(1_000_000_000 + $0)\",\"registered\":true}" }
        return "{\"devices\":[\(devices.joined(separator: ","))],\"licenses\":[]}"
    }

    private static func missing(_ issued: [String: Int], in state: KillState) -> [String] {
        issued.filter { state.licenses[$0.key]?.tokens.count != $0.value }.map(\.key)
    }

    /// Every file of a data folder by its path.
    private static func files(in folder: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
