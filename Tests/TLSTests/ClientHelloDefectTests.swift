import TLS
import Testing

@Suite struct ClientHelloDefectTests {
    private static let message = ClientHelloSample.message(ClientHelloSample().body)

    @Test(
        arguments: [
            ([22, 3, 1, 0, 0], .emptyRecord),
            (ClientHelloSample.record(Array(message[..<50])) + [22, 3, 1, 0, 0], .emptyRecord),
            ([22, 3, 1, 0x40, 0x01], .oversizeRecord),
            ([21, 3, 1, 0, 2, 2, 40], .unexpectedRecord(21)),
            ([23, 3], .unexpectedRecord(23)),
            (ClientHelloSample.record(Array(message[..<50])) + [20, 3, 3, 0, 1, 1], .unexpectedRecord(20)),
            (ClientHelloSample.record(Array(message[..<50])) + [22, 2, 3, 0, 1], .unexpectedRecord(22)),
            ([22, 3, 1, 0, 4, 2], .unexpectedMessage(2)),
            (ClientHelloSample.record([0, 0, 0, 0]), .unexpectedMessage(0)),
            (ClientHelloSample.record([1, 2, 0x01, 0x45]), .oversizeMessage),
            (ClientHelloSample.record([1, 0xff, 0xff, 0xff]), .oversizeMessage),
            (ClientHelloSample.records([1, 1, 0, 0] + [UInt8](repeating: 0, count: 4100), of: 1), .tooManyRecords),
            (ClientHelloSample.record(message + [0]), .trailingBytes),
            (ClientHelloSample.record(Array(message[..<50])) + [22, 3, 1, 0x30, 0], .trailingBytes),
        ] as [([UInt8], ClientHelloDefect)]
    )
    func `records that carry no hello are refused`(bytes: [UInt8], defect: ClientHelloDefect) {
        #expect(examine(bytes) == .malformed(defect))
    }

    @Test func `a body that stops anywhere is refused there`() {
        var sample = ClientHelloSample()
        sample.extensions = [(0, ClientHelloSample.serverName([0x61]))]
        let body = sample.body
        // A body may end before the extensions, as it did before there were any.
        let bodyWithoutExtensions = 2 + 32 + 33 + 4 + 2
        for count in 0..<body.count where count != bodyWithoutExtensions {
            let outcome = examine(ClientHelloSample.record(ClientHelloSample.message(Array(body[..<count]))))
            guard case .malformed(.length) = outcome else {
                Issue.record("cut to \(count) bytes: \(outcome)")
                continue
            }
        }
    }

    @Test(
        arguments: [
            (ClientHelloSample(sessionID: [UInt8](repeating: 0, count: 33)), .length(.sessionID)),
            (ClientHelloSample(cipherSuites: []), .length(.cipherSuites)),
            (ClientHelloSample(compressionMethods: []), .length(.compressionMethods)),
            (extensions((21, []), (22, []), (21, [])), .duplicateExtension(21)),
            (extensions((0x0a0a, []), (0x0a0a, [0])), .duplicateExtension(0x0a0a)),
            (extensions((0, [])), .length(.serverName)),
            (extensions((0, [0, 0])), .length(.serverName)),
            (extensions((0, ClientHelloSample.serverName([]))), .length(.serverName)),
            (extensions((0, ClientHelloSample.serverName([0x61]) + [0])), .length(.serverName)),
            (extensions((0, [0, 4, 0, 0, 9, 0x61])), .length(.serverName)),
            (extensions((0, ClientHelloSample.serverName([UInt8](repeating: 0x61, count: 256)))), .length(.serverName)),
            (extensions((0, ClientHelloSample.serverName([0x61, 0, 0x62]))), .value(.serverName)),
            (extensions((0, ClientHelloSample.serverName([0x61, 0x0a]))), .value(.serverName)),
            (extensions((0, ClientHelloSample.serverName([0xc3, 0xa4]))), .value(.serverName)),
            (extensions((0, list16([0, 0, 1, 0x61, 0, 0, 1, 0x62]))), .value(.serverName)),
            (extensions((16, [])), .length(.applicationProtocols)),
            (extensions((16, [0, 0])), .length(.applicationProtocols)),
            (extensions((16, [0, 1, 0])), .length(.applicationProtocols)),
            (extensions((16, [0, 2, 5, 0x61])), .length(.applicationProtocols)),
            (extensions((43, [])), .length(.supportedVersions)),
            (extensions((43, [0])), .length(.supportedVersions)),
            (extensions((43, [3, 3, 4, 3])), .length(.supportedVersions)),
            (extensions((43, [4, 3, 4])), .length(.supportedVersions)),
            (extensions((10, [0, 0])), .length(.supportedGroups)),
            (extensions((10, [0, 3, 0, 29, 0])), .length(.supportedGroups)),
            (extensions((13, [0, 4, 4, 3])), .length(.signatureAlgorithms)),
            (extensions((11, [0])), .length(.pointFormats)),
            (extensions((11, [1, 0, 0])), .length(.pointFormats)),
        ] as [(ClientHelloSample, ClientHelloDefect)]
    )
    func `a field that is wrong is named`(sample: ClientHelloSample, defect: ClientHelloDefect) {
        #expect(examine(sample.record) == .malformed(defect))
        #expect(!defect.description.isEmpty)
    }

    @Test func `bytes after the extensions are refused`() {
        let body = ClientHelloSample().body + [0]
        #expect(examine(ClientHelloSample.record(ClientHelloSample.message(body))) == .malformed(.length(.extensions)))
    }

    @Test func `a name of an unknown type is passed over`() {
        let sample = Self.extensions((0, ClientHelloSample.serverName([0xff], type: 7)))
        guard case .hello(let hello) = examine(sample.record) else {
            Issue.record("the hello was refused")
            return
        }
        #expect(hello.serverName == nil)
    }

    private static func extensions(_ list: (UInt16, [UInt8])...) -> ClientHelloSample {
        var sample = ClientHelloSample()
        sample.extensions = list.map { (type: $0.0, content: $0.1) }
        return sample
    }
}
