import IO
import Testing

@testable import Lab

@Suite struct LabListenerTests {
    @Test(
        arguments: [
            ("127.0.0.1:0", "127.0.0.1:0 40123", "127.0.0.1:40123"), ("[::1]:0", "[::1]:0 40123", "[::1]:40123"),
            ("127.0.0.2:8444", "127.0.0.2:8444", "127.0.0.2:8444"),
        ]
    )
    func `a port that the kernel chose is kept beside what was asked for`(
        asked: String,
        kept: String,
        address: String
    ) throws {
        let listener = try #require(LabListener(asked))
        #expect(listener.kept == asked, "nothing is chosen yet")
        #expect("\(listener.address)" == asked)
        let opened = listener.listening(at: SocketAddress(host: listener.asked.host, port: 40123))
        #expect(opened.kept == kept)
        #expect("\(opened.address)" == address)
        #expect(LabListener(kept: kept) == opened)
    }

    @Test(arguments: ["", "localhost:0", "127.0.0.1", "127.0.0.1:99999"])
    func `what is no address of digits is none`(text: String) {
        #expect(LabListener(text) == nil)
        #expect(LabListener(kept: text) == nil)
    }
}
