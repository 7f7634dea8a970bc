import IO
import Testing

@Suite struct SocketAddressTests {
    private static let tooLong = String(repeating: "x", count: 64)

    @Test(arguments: [
        ("127.0.0.1:8443", "127.0.0.1:8443", true),
        ("127.8.9.10:1", "127.8.9.10:1", true),
        ("0.0.0.0:0", "0.0.0.0:0", false),
        ("192.0.2.1:65535", "192.0.2.1:65535", false),
        ("[::1]:8443", "[::1]:8443", true),
        ("[::]:443", "[::]:443", false),
        ("[2001:db8::17]:443", "[2001:db8::17]:443", false),
        ("[0:0:0:0:0:0:0:1]:443", "[::1]:443", true),
        ("[::ffff:127.0.0.1]:443", "[::ffff:127.0.0.1]:443", true),
        ("[::ffff:192.0.2.1]:443", "[::ffff:192.0.2.1]:443", false),
        ("[::2]:443", "[::2]:443", false),
    ])
    func `an address and a port`(text: String, written: String, isLoopback: Bool) throws {
        let address = try SocketAddress.resolve(text)
        #expect(address.description == written)
        #expect(address.isLoopback == isLoopback)
        #expect(try SocketAddress.resolve(address.description) == address)
    }

    @Test func `a name stands for its address`() throws {
        #expect(try SocketAddress.resolve("localhost:443").isLoopback)
    }

    @Test(arguments: [
        ("", "no :PORT at the end"),
        ("127.0.0.1", "no :PORT at the end"),
        ("127.0.0.1:", "\"\" is no port from 0 to 65535"),
        ("127.0.0.1:65536", "\"65536\" is no port from 0 to 65535"),
        ("127.0.0.1:-1", "\"-1\" is no port from 0 to 65535"),
        ("127.0.0.1:https", "\"https\" is no port from 0 to 65535"),
        ("::1:8443", "an IPv6 address needs brackets: [::1]:8443"),
        ("[::1:8443", "an IPv6 address needs brackets: [::1]:8443"),
        (":8443", "no host before the port"),
        ("[]:8443", "no host before the port"),
        // Longer than a label may be, so that no resolver has to be asked.
        ("\(tooLong):1", "\"\(tooLong)\" is no address and does not resolve to one"),
    ])
    func `what names no address is refused with the reason`(text: String, reason: String) throws {
        let error = try #require(throws: AddressError.self) { try SocketAddress.resolve(text) }
        #expect(error.text == text)
        #expect(error.reason == reason)
        #expect(error.description == "address \"\(text)\": \(reason)")
    }

    @Test func `a host is written without brackets or port`() throws {
        #expect(try SocketAddress.resolve("[2001:db8::1]:443").hostDescription == "2001:db8::1")
        #expect(try SocketAddress.resolve("192.0.2.1:443").hostDescription == "192.0.2.1")
    }
}
