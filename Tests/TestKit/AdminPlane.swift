import Foundation

/// The admin plane of a server, or of a world that is asked directly.
package struct AdminPlane: Sendable {
    /// What it answered.
    package struct Reply: @unchecked Sendable {  // the parsed JSON is never changed
        /// The status code.
        package let status: Int
        /// The media type, without parameters.
        package let contentType: String
        /// The body.
        package let text: String
        /// The body as JSON; nil where it is none.
        package let json: Any?

        /// Reads an answer; parameters of the media type are left out.
        package init(status: Int, contentType: String, text: String) {
            self.status = status
            self.contentType = String(contentType.prefix { $0 != ";" })
            self.text = text
            json = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        }

        /// The value at a path such as `clock.mode` or `items.0.name`.
        package subscript(path: String) -> Any? {
            var value = json
            for step in path.split(separator: ".").map(String.init) {
                if let index = Int(step), let list = value as? [Any] {
                    value = list.indices.contains(index) ? list[index] : nil
                } else {
                    value = (value as? [String: Any])?[step]
                }
            }
            return value is NSNull ? nil : value
        }

        /// A text at a path.
        package func string(_ path: String) -> String? { self[path] as? String }
        /// A number at a path.
        package func int(_ path: String) -> Int? { self[path] as? Int }
        /// A list of texts at a path.
        package func strings(_ path: String) -> [String]? { self[path] as? [String] }
    }

    /// What is asked.
    package struct Call: Sendable {
        /// The method.
        package let method: String
        /// The path and the query.
        package let path: String
        /// The body; nil for none.
        package let body: String?
        /// The body's media type.
        package let type: String
        /// Further lines of the head.
        package let fields: [String]
        /// How long the answer may take.
        package let time: Duration
    }

    private let answer: @Sendable (Call) async throws -> Reply

    /// A plane that answers so.
    package init(answering answer: @escaping @Sendable (Call) async throws -> Reply) { self.answer = answer }

    /// The admin plane of this server, over a connection for each call; it speaks in clear, as on loopback.
    package init(_ server: ServerProcess) {
        let port = UInt16(server.adminPort)
        let host = server.ready.admin.split(separator: "/").last.map(String.init) ?? ""
        self.init { call in
            let request = Self.request(call, to: host)
            let answer = try await Blocking.run {
                let client = try TestClient(port: port, timeout: call.time * Sanitizer.slowdown)
                defer { client.close() }
                try client.send(request)
                return try client.lastAnswer()
            }
            let type = answer.value(of: "content-type") ?? ""
            return Reply(status: answer.status, contentType: type, text: answer.text)
        }
    }

    /// The path of a lab.
    package static func lab(_ name: String = "default") -> String { "/api/v1/labs/\(name)" }

    /// Sends a request; a body goes as JSON unless `type` says otherwise.
    package func call(
        _ method: String,
        _ path: String,
        _ body: String? = nil,
        type: String = "application/json",
        fields: [String] = [],
        within time: Duration = .seconds(60)
    ) async throws -> Reply {
        try await answer(Call(method: method, path: path, body: body, type: type, fields: fields, time: time))
    }

    private static func request(_ call: Call, to host: String) -> String {
        var lines = ["\(call.method) \(call.path) HTTP/1.1"] + call.fields + ["Connection: close"]
        if !call.fields.contains(where: { $0.hasPrefix("Host:") }) { lines.append("Host: \(host)") }
        if let body = call.body { lines += ["Content-Type: \(call.type)", "Content-Length: \(body.utf8.count)"] }
        return (lines + ["", call.body ?? ""]).joined(separator: "\r\n")
    }

    /// Waits until no connection of the data plane is open, and returns the page of metrics that says so.
    ///
    /// A client that has ended knows of it before the server does. Who asks without this wait what the journal, the log
    /// or the counters hold of its connection may ask too early, and be answered as if it were still there.
    @discardableResult
    package func whenIdle(within time: Duration = .seconds(10)) async throws -> Reply {
        try await Deadline(in: time)
            .wait(for: "data plane without connections") {
                let page = try await get("/metrics")
                return page.text.contains("fauxguard_connections_open{plane=\"data\"} 0\n") ? page : nil
            }
    }

    /// Reads a resource.
    package func get(_ path: String) async throws -> Reply { try await call("GET", path) }
    /// Posts JSON, or nothing.
    package func post(_ path: String, _ body: String? = nil) async throws -> Reply {
        try await call("POST", path, body)
    }
}

/// One of a server's labs, in which scenarios are started and stopped.
package struct ScenarioLab: Sendable {
    /// The admin plane that they are asked of.
    package let admin: AdminPlane
    /// The lab's name.
    package let lab: String

    /// A lab that is there.
    package init(admin: AdminPlane, lab: String = "default") {
        self.admin = admin
        self.lab = lab
    }

    /// A lab that is made for it, with nothing in it but a listener of its own.
    package static func empty(_ admin: AdminPlane) async throws -> ScenarioLab {
        let made = try await admin.post("/api/v1/labs", #"{"name":"empty","listen":"127.0.0.1:0"}"#)
        guard made.status == 201 else { throw TestKitError(made.text) }
        return ScenarioLab(admin: admin, lab: "empty")
    }

    /// The lab's path.
    package var path: String { AdminPlane.lab(lab) }

    /// Everything that a lab can be put back to: its registry and how its clock is set.
    package func state() async throws -> String {
        let export = try await admin.get(path + "/registry?format=yaml")
        let clock = try await admin.get(path + "/clock")
        guard export.status == 200, clock.status == 200 else { throw TestKitError(export.text + clock.text) }
        let now = clock.string("mode") == "frozen" ? clock.string("now") ?? "" : ""
        return export.text + "\(clock.string("mode") ?? "") \(now) \(clock.string("certificates") ?? "")"
    }

    /// The names of the rules in force.
    package func rules() async throws -> [String] {
        let answer = try await admin.get(path + "/faults")
        return ((answer["items"] as? [[String: Any]]) ?? []).compactMap { $0["name"] as? String }
    }

    /// The scenario that runs.
    package func running() async throws -> String? {
        let answer = try await admin.get(path + "/scenarios")
        let items = (answer["items"] as? [[String: Any]]) ?? []
        return items.first { $0["running"] as? Bool == true }?["name"] as? String
    }

    /// Starts or stops a scenario.
    package func ask(_ verb: String, _ name: String) async throws -> AdminPlane.Reply {
        try await admin.post(path + "/scenarios/\(name)/\(verb)")
    }
}

/// Fault rules as an operator writes them.
package enum FaultRule {
    /// A rule as JSON, without what is not given; `time` is how long it holds, such as `10m`.
    package static func json(
        _ effect: String,
        named name: String? = nil,
        with parameters: [String: Any] = [:],
        when conditions: [String: String] = [:],
        skip: Int? = nil,
        times: Int? = nil,
        probability: Double? = nil,
        for time: String? = nil
    ) -> String {
        var members: [String: Any] = ["do": effect]
        members["name"] = name
        if !parameters.isEmpty { members["with"] = parameters }
        if !conditions.isEmpty { members["when"] = conditions }
        members["skip"] = skip
        members["times"] = times
        members["probability"] = probability
        members["for"] = time
        let form: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: members, options: form) else {
            preconditionFailure("no JSON can be made of \(members)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
