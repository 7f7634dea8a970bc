import Foundation

/// The admin plane of a server, through curl, or of a world that is asked directly.
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

    /// The admin plane of this server, through curl; `arguments` go to every call.
    package init(_ server: ServerProcess, arguments: [String] = []) {
        let url = server.ready.admin
        self.init { call in try await Self.curl(call, of: url, arguments) }
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

    private static func curl(_ call: Call, of url: String, _ arguments: [String]) async throws -> Reply {
        var options = ["--request", call.method, "--write-out", "\n%{http_code} %{content_type}"]
        for field in call.fields { options += ["--header", field] }
        if call.body != nil { options += ["--header", "Content-Type: \(call.type)", "--data-binary", "@-"] }
        // The last word on time is the deadline's.
        let manners = Curl.manners.map { $0 == "20" ? "600" : $0 }
        let result = try await Command.run(
            "curl",
            manners + arguments + options + [url + call.path],
            input: call.body,
            within: call.time
        )
        guard result.status == 0 else {
            throw TestKitError("\(call.method) \(call.path): curl ended with \(result.status): \(result.errors)")
        }
        let parts = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        let last = (parts.last ?? "").split(separator: " ", maxSplits: 1)
        guard let status = last.first.flatMap({ Int($0) }) else { throw TestKitError("no status: \(result.output)") }
        let text = parts.dropLast().joined(separator: "\n")
        return Reply(status: status, contentType: last.count > 1 ? String(last[1]) : "", text: text)
    }

    /// Reads a resource.
    package func get(_ path: String) async throws -> Reply { try await call("GET", path) }
    /// Posts JSON, or nothing.
    package func post(_ path: String, _ body: String? = nil) async throws -> Reply {
        try await call("POST", path, body)
    }
}
