import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct DescriptorsLogPipeTests {
    /// A server whose log goes into a named pipe, which nobody reads.
    private static func start(_ folder: TemporaryFolder) async throws -> (server: ServerProcess, pipe: NamedPipe) {
        let pipe = try NamedPipe(at: folder.path(of: "log"))
        let server = try await ServerProcess.start(
            under: ["/bin/bash", "-c", "log=$0 && exec \"$@\" 2>$log", pipe.path]
        )
        return (server, pipe)
    }

    private static func ask(_ server: ServerProcess, times: Int) async throws -> Int {
        try await Blocking.run {
            let client = try server.connect()
            return try (0..<times).map { _ in try client.post("{}").status }.count { $0 == 500 }
        }
    }

    @Test func `a server whose log nobody reads any more goes on serving`() async throws {
        let folder = try TemporaryFolder()
        let (server, pipe) = try await Self.start(folder)
        pipe.close()
        #expect(try await Self.ask(server, times: 20) == 20)
        #expect(try await Self.ask(server, times: 20) == 20)
        try await server.terminate()
    }

    @Test func `a server whose banner nobody reads serves all the same`() async throws {
        let server = try await ServerProcess.start(
            under: ["/bin/bash", "-c", "exec \"$@\" 1> >(exec true)", "bash"]
        )
        #expect(try await Self.ask(server, times: 1) == 1)
        try await server.terminate()
    }

    @Test func `a server whose log is stuck goes on serving and ends when it is told to`() async throws {
        let folder = try TemporaryFolder()
        let (server, pipe) = try await Self.start(folder)
        // More lines than a pipe holds, which is 64 KiB.
        #expect(try await Self.ask(server, times: 1000) == 1000)
        try await server.terminate(within: .seconds(15))
        pipe.close()
    }
}
