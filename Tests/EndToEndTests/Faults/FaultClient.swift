import TestKit

/// A client that nobody here wrote, by the name that the catalogue has for it.
enum FaultClient: String, CaseIterable {
    case curl
    case openssl = "openssl s_client"
    case python = "python ssl"

    /// Whether what it reported of the usual poll is an answer as it should be.
    func wasServed(_ report: FaultReport) -> Bool {
        guard report.text.contains("200 OK"), report.text.contains(FaultRequest.license) else { return false }
        return switch self {
        case .curl: report.exit == .exited(0)
        case .openssl: report.exit == .exited(0) && !report.text.contains("unexpected eof")
        case .python: !report.text.contains("Error: ")
        }
    }
}

/// What the clients report where no rule means them.
///
/// It is the same whatever rule there is for others, so each client is asked once by a process of tests.
actor UsualReports {
    static let shared = UsualReports()

    private struct Way: Hashable {
        let client: FaultClient
        let version: String
        let options: [String]
    }

    private var reports: [Way: Task<FaultReport, any Error>] = [:]

    /// The report of such a call, and whether the call was made for it.
    func report(of call: FaultCall) async throws -> (FaultReport, isNew: Bool) {
        let way = Way(client: call.client, version: call.version, options: call.options)
        if let report = reports[way] { return (try await report.value, false) }
        let report = Task { try await call.start().end() }
        reports[way] = report
        return (try await report.value, true)
    }
}

/// What clients ask for.
enum FaultRequest {
    /// The license in the answer to ``poll``.
    static let license = "FTMTRIAL02062407"
    /// The published poll.
    static let poll = WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656", with: ["FGT3HD3915801685"])
    /// A poll of two tokens.
    static let pollOfTwo = WireMessage.polling(
        ["FTKMOB83F91CD33B", "FTKMOB83712DC7FE"],
        by: "FGT3HD3915801656",
        with: ["FGT3HD3915801685"]
    )
    /// What changes the registry.
    static let provision = WireMessage.provision(["FTKMOB947FDC1754"], by: "FG100FTK20009876")
}

/// A client of Python's own `ssl`, `http.client` and `json`, with what they do unless told otherwise.
enum PythonClient {
    /// What `python3 -c` runs: one request, whose body comes from standard input.
    ///
    /// It prints the status, the answer's fields and the class and message of what was raised, and never tries again.
    static let script = """
        import argparse, http.client, json, socket, ssl, sys

        def ask(options, body):
            context = ssl.create_default_context(cafile=options.authority)
            context.minimum_version = context.maximum_version = ssl.TLSVersion[options.version]
            if options.identity:
                context.load_cert_chain(options.identity)
            plain = socket.create_connection(("127.0.0.1", options.port), options.timeout, (options.source, 0))
            with context.wrap_socket(plain, server_hostname="localhost") as stream:
                stream.sendall(
                    b"POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
                    b"Content-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
                )
                response = http.client.HTTPResponse(stream, method="POST")
                response.begin()
                print(response.status, response.reason)
                print(response.headers, end="")
                content = response.read()
            answer = json.loads(content)["d"]
            print(answer["serial_number"], answer["error"])
            for token in answer["tokens"]:
                print(token["token"], token["license"], token["error"])
            print(answer)

        parser = argparse.ArgumentParser()
        parser.add_argument("--port", type=int)
        parser.add_argument("--source")
        parser.add_argument("--version")
        parser.add_argument("--authority")
        parser.add_argument("--timeout", type=float)
        parser.add_argument("--identity")
        try:
            ask(parser.parse_args(), sys.stdin.buffer.read())
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
        """
}
