import Foundation

/// The admin plane over one connection that stays: a call costs no process, and a server that is killed cuts it short.
extension TestClient {
    /// A client of a server's admin plane, which speaks in clear on loopback.
    package static func admin(of server: ServerProcess, timeout: Duration = TestClient.patience + .seconds(10)) throws
        -> TestClient
    {
        try TestClient(port: UInt16(server.adminPort), timeout: timeout)
    }

    /// Sends a request, with JSON where there is a body, and waits for the answer, which must have a known length.
    package func call(_ method: String, _ path: String, _ body: String? = nil) throws(TestClientError) -> HTTPAnswer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"]
        if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        lines += ["", body ?? ""]
        try send(lines.joined(separator: "\r\n"))
        return try answer()
    }
}

extension HTTPAnswer {
    /// The body as a JSON object; empty where it is none.
    package var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }
}
