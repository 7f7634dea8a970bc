import Client
import Testing

@Suite("Endpoints")
struct EndpointTests {
    @Test(arguments: [
        ("http://127.0.0.1:8480", "http://127.0.0.1:8480"),
        ("HTTP://localhost/", "http://localhost:80"),
        ("https://lab.example", "https://lab.example:443"),
        ("https://[::1]:9/below/", "https://[::1]:9/below"),
    ])
    func `a URL says where a server is`(text: String, shown: String) throws {
        #expect(try ServerURL(text).description == shown)
    }

    @Test(arguments: [
        "", "127.0.0.1:8480", "ftp://x", "http://", "http://:80", "http://x:", "http://x:0", "http://x:65536",
        "http://x:8a",
        "http://a@b", "http://x/?q", "http://x#f", "http://[::1", "http://[::1]8480", "http://a b", "http://x\r\nA:b",
    ])
    func `what is no URL of a server is refused`(text: String) {
        #expect(throws: ClientError.self) { try ServerURL(text) }
    }

    @Test(arguments: [
        ("http://localhost", true), ("http://127.9.9.9", true), ("http://[::1]", true), ("http://lab.example", false),
        ("http://127.example.com", false), ("http://10.0.0.1", false),
    ])
    func `only this machine's own names are loopback`(text: String, isLoopback: Bool) throws {
        #expect(try ServerURL(text).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("EFTM000000000001", "EFTM000000000001"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("a b&c=é", "a%20b%26c%3D%C3%A9"),
        ("1.5", "1.5"), ("\r\n", "%0D%0A"),
    ])
    func `a segment stays one segment`(text: String, encoded: String) {
        #expect(OutgoingRequest.encode(text) == encoded)
    }
}
