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

    /// `Host: [::1]:99999` is served, and the archive's URL had a port that no reader of URLs takes.
    @Test(
        arguments: [
            "[::1]:99999", "x:65536", "x:443:443", "[::1", "[::1]x", "[]", "[x]:1", "[1.2.3.4]", "::1", ":443", "x:4a",
            "x:+1", "1.2.3.256", "1.2.3", "a.9", ".", "a[b]", "x:٣",
        ]
    )
    func `what is no host, or has a port that there is not, gives way to the next`(host: String) {
        #expect(ArchiveURL.text("https", hosts: [host, "next"], target: "/a") == "https://next/a")
        let target = ArchiveURL.target(of: "http://\(host)/a?b")
        #expect(ArchiveURL.text("https", hosts: ["next"], target: target) == "https://next/a?b", "\(target)")
    }

    @Test(arguments: ["[::1]:8443", "[::]", "x:65535", "x:", "1.2.3.4:1", "a.b_c.", "localhost"])
    func `a host with or without a port stays as it is`(host: String) {
        #expect(ArchiveURL.text("https", hosts: [host], target: "/") == "https://\(host)/")
        #expect(ArchiveURL.target(of: "HTTP://\(host)/a") == "HTTP://\(host)/a")
    }
}
