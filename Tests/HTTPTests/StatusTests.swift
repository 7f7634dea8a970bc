import HTTP
import Testing

@Suite("Status")
struct StatusTests {
    @Test(arguments: [
        (200, "OK"), (204, "No Content"), (400, "Bad Request"), (413, "Content Too Large"), (414, "URI Too Long"),
        (421, "Misdirected Request"), (431, "Request Header Fields Too Large"), (500, "Internal Server Error"),
        (505, "HTTP Version Not Supported"), (511, "Network Authentication Required"), (302, "Found"),
    ])
    func `a registered code has its phrase`(code: Int, reason: String) throws {
        let status = try #require(Status(code: code))
        #expect(status.reason == reason)
        #expect("\(status)" == "\(code) \(reason)")
    }

    @Test(arguments: [0, 99, 600, 1_000, -200])
    func `a number outside the five classes is no status`(code: Int) {
        #expect(Status(code: code) == nil)
    }

    @Test func `a code without a phrase is shown alone`() throws {
        #expect("\(try #require(Status(code: 599)))" == "599")
    }

    @Test func `a named status equals its number`() {
        #expect(Status(code: 404) == .notFound)
        #expect(Status(code: 503) == .serviceUnavailable)
        #expect(Status(code: 200) != .created)
    }
}
