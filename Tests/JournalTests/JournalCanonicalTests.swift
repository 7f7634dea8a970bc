import Journal
import Testing

@Suite struct JournalCanonicalTests {
    /// One run: the same requests, with everything different that a run cannot decide.
    private static func run(numbersFrom first: UInt64, port: UInt16, at time: Int64, loops: [Int]) -> Journal {
        let journal = Sample.journal(shards: 3)
        let opening = Sample.opening(first, port: port, accepted: time)
        journal.post(Sample.exchange(), on: opening, request: [1, 2, 3], time: time + 5, loop: loops[0])
        journal.post(
            Sample.exchange(
                "ProvisionRequest",
                code: 17,
                tokens: [("FTKMOB0000000001", 31), ("not a \"token\"", 904)]
            ),
            on: opening,
            answer: [UInt8](repeating: 0x61, count: Int(port % 100)),
            time: time + 9,
            loop: loops[0]
        )
        journal.end(opening, time: time + 10, loop: loops[0]) { $0.bytesIn = UInt64(port) }
        let failed = Sample.opening(first + 5, port: port + 1, sni: nil, accepted: time)
        journal.end(failed, .handshakeFailed, alert: "unknown_ca", time: time + 11, loop: loops[1]) {
            $0.reason = "handshake: the peer sent an alert"
            $0.duration = .milliseconds(Int64(port))
        }
        return journal
    }

    @Test func `two runs are equal to the byte`() {
        let first = Self.run(numbersFrom: 1, port: 40_000, at: Sample.start, loops: [0, 1])
        let second = Self.run(numbersFrom: 77, port: 51_234, at: Sample.start + 86_400_000, loops: [2, 0])
        #expect(first.canonical() == second.canonical())
    }

    @Test func `it says what a run decided`() throws {
        let journal = Self.run(numbersFrom: 1, port: 40_000, at: Sample.start, loops: [0, 0])
        let common = "lab=default listener=main client=127.0.0.1"
        let name = "sni=globalftm.fortinet.net"
        let handshake =
            "ja4=t13d1516h2_8daaf6152771_e5627efa2ab1 tls=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 alpn=http/1.1 resumed=false"
        let exchange = "  exchange lab=default method=POST path=/SoftToken/Provisioning.asmx/Process status=200"
        let message = "serial=\(Sample.unit) license=\(Sample.license)"
        #expect(
            journal.canonical() == """
                connection \(common) \(name) \(handshake) stage=close outcome=closed
                \(exchange) type=PollingRequest \(message) tokens=FTKMOB947FDC1754
                \(exchange) type=ProvisionRequest \(message) \
                tokens="FTKMOB0000000001:31,not a \\"token\\":904" code=17
                connection \(common) \(handshake) stage=hello outcome=handshake-failed \
                reason="handshake: the peer sent an alert" alert=unknown_ca:received

                """
        )
        #expect(try journal.canonical(.query("alert=unknown_ca")).split(separator: "\n").count == 1)
    }

    @Test func `another order of tokens is another run`() {
        let (first, second) = (Sample.journal(), Sample.journal())
        let tokens: [(String, Int?)] = [("FTKMOB0000000001", 31), ("FTKMOB0000000002", nil)]
        first.post(Sample.exchange(tokens: tokens), on: Sample.opening(1))
        second.post(Sample.exchange(tokens: tokens.reversed()), on: Sample.opening(1))
        #expect(first.canonical() != second.canonical())
    }

    @Test func `who has not ended shows so`() {
        let journal = Sample.journal()
        journal.post(Sample.exchange(), on: Sample.opening(1))
        #expect(journal.canonical().contains(" outcome=open\n"))
    }
}
