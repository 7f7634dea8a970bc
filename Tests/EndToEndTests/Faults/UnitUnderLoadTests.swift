import Foundation
import TestKit
import Testing

/// A fault for one unit among a thousand, each at an address of its own, met by Python's `ssl`.
@Suite("One unit among many", .serialized, .timeLimit(.minutes(3)))
struct UnitUnderLoadTests {
    private static let units = Sanitizer.isActive ? 100 : 1000
    private static let rounds = 3
    private static let chosen = 417 % units

    private static func serial(_ unit: Int) -> String { "FGTEST" + String(format: "%010d", unit) }

    /// What the clients saw.
    private struct Outcome: Decodable {
        /// Of each unit that failed, the rounds in which it did and what it reported.
        let failures: [String: [[String]]]
        let answered: Int
    }

    @Test func `one of many units meets an expired certificate from its second connection on, and the others none`()
        async throws
    {
        let folder = try TemporaryFolder()
        let devices = (0..<Self.units).map { "  - { serial: \(Self.serial($0)), registered: true }" }
        let registry = try folder.write("devices:\n" + devices.joined(separator: "\n") + "\n", to: "registry.yaml")
        let script = try folder.write(Self.script, to: "units.py")
        try await ServerProcess.serve(
            registry: registry,
            arguments: ["--log-level", "error"],
            environment: ["FAUXGUARD_PKI_PROFILES": Repository.profiles]
        ) { server in
            let admin = AdminPlane(server)
            let rule = FaultRule.json(
                "tls.certificate",
                named: "one",
                with: ["profile": "expired"],
                when: ["serial": Self.serial(Self.chosen)]
            )
            let added = try await admin.post(AdminPlane.lab() + "/faults", rule)
            try #require(added.status == 201, "\(added.text)")
            let clients = try await Command.run(
                "python3",
                [script, "\(server.port)", server.authority, "\(Self.units)", "\(Self.rounds)"],
                within: .seconds(120)
            )
            try #require(clients.status == 0, "\(clients.errors)")
            let outcome = try JSONDecoder().decode(Outcome.self, from: Data(clients.output.utf8))
            #expect(Set(outcome.failures.keys) == [Self.serial(Self.chosen)])
            let failed = outcome.failures[Self.serial(Self.chosen)] ?? []
            #expect(failed.map(\.first) == (1..<Self.rounds).map { "\($0)" })
            #expect(failed.allSatisfy { $0.last?.contains("certificate has expired") == true }, "\(failed)")
            #expect(outcome.answered == Self.units * Self.rounds - Self.rounds + 1)
            let state = try await admin.get(AdminPlane.lab() + "/faults/one")
            #expect(state.int("acted") == Self.rounds - 1, "\(state.text)")
            try await admin.whenIdle()
            let records = try await admin.get(AdminPlane.lab() + "/journal?rule=one")
            #expect(records.string("items.0.rules.0.boundBy") == "address", "\(records.text)")
        }
    }

    /// Every unit polls once a round, over a new connection from an address of 127.0.0.0/8 that is its own.
    private static let script = #"""
        import concurrent.futures, json, socket, ssl, sys

        port, authority, units, rounds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        context = ssl.create_default_context(cafile=authority)

        def poll(unit):
            serial = f"FGTEST{unit:010d}"
            body = json.dumps({"d": {"__type": "SoftToken.PollingRequest", "__version": "4", "serial_number": serial,
                "__device_version": "7.0", "__device_build": "1", "__clustered_sns": [{"sn": serial}], "tokens": []}})
            head = f"POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
            address = (f"127.1.{unit // 250 + 1}.{unit % 250 + 1}", 0)
            with socket.create_connection(("127.0.0.1", port), 60, address) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as tls:
                    tls.sendall(request)
                    answer = b""
                    while piece := tls.recv(65536):
                        answer += piece
            if not answer.startswith(b"HTTP/1.1 200 "):
                raise OSError(f"unexpected answer {answer[:80]!r}")

        failures, answered = {}, 0
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for turn in range(rounds):
                futures = {pool.submit(poll, unit): unit for unit in range(units)}
                for future in concurrent.futures.as_completed(futures):
                    if error := future.exception():
                        serial = f"FGTEST{futures[future]:010d}"
                        failures.setdefault(serial, []).append([str(turn), f"{type(error).__name__}: {error}"])
                    else:
                        answered += 1
        print(json.dumps({"failures": failures, "answered": answered}))
        """#
}
