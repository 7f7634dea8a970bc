import TLS
import Testing

@Suite struct ClientHelloForeignTests {
    @Test(arguments: ["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
    func `a request line without TLS is recognised at the space after its method`(method: String) {
        let line = Array("\(method) / HTTP/1.1\r\n".utf8)
        #expect(examine(line) == .notTLS(.plainHTTP))
        for count in 0...method.utf8.count {
            #expect(examine(Array(line[..<count])) == .needsMore)
        }
        #expect(examine(Array(line[...method.utf8.count])) == .notTLS(.plainHTTP))
    }

    @Test(
        arguments: [
            (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), .plainHTTP),
            (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), .ssh),
            // Told as "unknown", which sent people looking for a broken client behind their load balancer.
            (Array("PROXY TCP4 192.0.2.7 192.0.2.10 51000 443\r\n".utf8), .proxyHeader),
            (Array("PROXY UNKNOWN\r\n".utf8), .proxyHeader),
            ([13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21], .proxyHeader),
            ([13, 10, 13, 10, 1], .unknown),
            ([0x80, 0x2e, 1, 0, 2, 0, 0x15], .sslv2),
            ([0x80, 0x2e, 1, 3, 1], .sslv2),
            ([0x80, 0x2e, 4], .unknown),
            ([0x80, 0x2e, 1, 2, 0], .unknown),
            ([0], .unknown),
            ([UInt8](repeating: 0, count: 4_096), .unknown),
            ([UInt8](repeating: 0xff, count: 3), .unknown),
            (Array("get / HTTP/1.1".utf8), .unknown),
            (Array("GETS".utf8), .unknown),
            (Array("HELO there\r\n".utf8), .unknown),
            ([22, 2], .unknown),
            ([22, 0x47, 0x45], .unknown),
        ] as [([UInt8], ForeignProtocol)]
    )
    func `what is no TLS is named where it has a name`(bytes: [UInt8], kind: ForeignProtocol) {
        #expect(examine(bytes) == .notTLS(kind))
    }

    @Test(
        arguments: [[], [22], [22, 3], [0x80], [0x80, 0x2e, 1, 3], Array("SSH".utf8), Array("P".utf8)] as [[UInt8]]
    )
    func `a beginning that may become something is waited for`(bytes: [UInt8]) {
        #expect(examine(bytes) == .needsMore)
    }
}
