import Testing

@testable import Journal

@Suite struct ArchiveURLTests {
    /// A refused request's archive had no URL, or one that was none.
    @Test(
        arguments: [
            ("/a?b=c", "https://localhost/a?b=c"), ("/a b\u{7F}", "https://localhost/a%20b%7F"),
            ("/é", "https://localhost/%C3%A9"), ("/100%", "https://localhost/100%25"),
            ("/%2F", "https://localhost/%2F"), ("http://other/x", "http://other/x"), ("*", "https://localhost/"),
            ("", "https://localhost/"), ("a:443", "https://localhost/"),
        ]
    )
    func `whatever stands in a request line, the URL is absolute`(target: String, url: String) {
        let path = ArchiveURL.target(of: target)
        #expect(ArchiveURL.text("https", hosts: [nil, "localhost"], target: path) == url)
    }

    @Test func `the first host that is one is taken`() {
        #expect(ArchiveURL.text("https", hosts: ["a b", "", "[::1]:8443", "x"], target: "/") == "https://[::1]:8443/")
        #expect(ArchiveURL.text("http", hosts: [nil], target: "/") == "http://unknown/")
    }
}
