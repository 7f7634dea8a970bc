import TLS
import TLSNames
import Testing

@Suite struct ClientHelloReaderTests {
    @Test func `a real hello of both versions is read whole`() throws {
        let bytes = try ClientHelloSample.captured(versions: .tls12 ... .tls13, serverName: "LocalHost")
        let hello = try Self.hello(bytes)
        #expect(hello.recordBytes == bytes.count)
        #expect(hello.recordCount == 1)
        #expect(hello.legacyVersion == 0x0303)
        #expect(hello.sessionIDLength == 32)
        #expect(hello.serverName == "localhost")
        #expect(hello.applicationProtocols == [Array("h2".utf8), Array("http/1.1".utf8)])
        #expect(hello.supportedVersions == [0x0304, 0x0303])
        #expect(hello.cipherSuites.prefix(3) == [0x1302, 0x1303, 0x1301])
        #expect(hello.supportedGroups.first == 0x001d)
        #expect(hello.signatureAlgorithms.contains(0x0403))
        #expect(hello.pointFormats == [0, 1, 2])
        #expect(Set(hello.extensions).isSuperset(of: [0, 10, 11, 13, 16, 35, 43, 45, 51]))
        #expect(!hello.presentsSessionTicket)
        #expect(!hello.offersPreSharedKey)
    }

    @Test func `a real hello of TLS 1.2 has no list of versions`() throws {
        let bytes = try ClientHelloSample.captured(versions: .tls12 ... .tls12, protocols: [])
        let hello = try Self.hello(bytes)
        #expect(hello.supportedVersions.isEmpty)
        #expect(hello.applicationProtocols.isEmpty)
        #expect(!hello.extensions.contains(43))
        #expect(hello.cipherSuites.contains(0xc02b))
    }

    @Test func `an address is not asked for by name`() throws {
        let bytes = try ClientHelloSample.captured(versions: .tls12 ... .tls13, serverName: "127.0.0.1")
        #expect(try Self.hello(bytes).serverName == nil)
    }

    @Test func `GREASE and unknown types stay where they are`() throws {
        var sample = ClientHelloSample()
        sample.cipherSuites = [0x2a2a, 0x1301, 0xc02b]
        sample.extensions = [
            (0x0a0a, []), (17_513, [1, 2, 3]), (0, ClientHelloSample.serverName(Array("A.Test".utf8))),
            (10, list16(short(0x3a3a) + short(0x11ec) + short(29))),
            (16, ClientHelloSample.applicationProtocols([[0xfa, 0xfa], Array("h2".utf8)])),
            (43, list8(short(0x4a4a) + short(0x0304))), (13, list16(short(0x0403))), (11, list8([0])),
            (35, [9, 9]), (0x5a5a, [0]), (41, [0]),
        ]
        let hello = try Self.hello(sample.record)
        #expect(hello.cipherSuites == [0x2a2a, 0x1301, 0xc02b])
        #expect(hello.extensions == [0x0a0a, 17_513, 0, 10, 16, 43, 13, 11, 35, 0x5a5a, 41])
        #expect(hello.serverName == "a.test")
        #expect(hello.supportedGroups == [0x3a3a, 0x11ec, 29])
        #expect(hello.applicationProtocols == [[0xfa, 0xfa], Array("h2".utf8)])
        #expect(hello.supportedVersions == [0x4a4a, 0x0304])
        #expect(hello.signatureAlgorithms == [0x0403])
        #expect(hello.pointFormats == [0])
        #expect(hello.presentsSessionTicket)
        #expect(hello.offersPreSharedKey)
    }

    @Test func `a hello without extensions is one`() throws {
        var sample = ClientHelloSample(version: 0x0301, sessionID: [])
        sample.extensions = nil
        let hello = try Self.hello(sample.record)
        #expect(hello.legacyVersion == 0x0301)
        #expect(hello.sessionIDLength == 0)
        #expect(hello.extensions.isEmpty)
    }

    @Test func `what follows the hello's records is left alone`() throws {
        let bytes = ClientHelloSample().record
        let hello = try Self.hello(bytes + [20, 3, 3, 0, 1, 1])
        #expect(hello.recordBytes == bytes.count)
    }

    @Test func `a hello is found at its last byte and no sooner`() throws {
        let bytes = try ClientHelloSample.captured(versions: .tls12 ... .tls13)
        let whole = examine(bytes)
        var reader = ClientHelloReader()
        for count in 0..<bytes.count {
            #expect(reader.examine(bytes.span.extracting(..<count)) == .needsMore, "after \(count) bytes")
            var late = ClientHelloReader()
            #expect(late.examine(bytes.span.extracting(..<count)) == .needsMore)
            #expect(late.examine(bytes.span) == whole, "split at \(count)")
        }
        #expect(reader.examine(bytes.span) == whole)
    }

    @Test(arguments: [4, 5, 9, 100, 250])
    func `a message may be spread over records`(size: Int) throws {
        let bytes = try ClientHelloSample.captured(versions: .tls12 ... .tls13)
        var expected = try Self.hello(bytes)
        let message = Array(bytes[5...])
        let cut = ClientHelloSample.records(
            message,
            of: max(size, message.count / ClientHelloReader.maximumRecords + 1)
        )
        var hello = try Self.hello(cut)
        #expect(hello.recordBytes == cut.count)
        #expect(hello.recordCount > 1)
        (hello.recordBytes, hello.recordCount) = (0, 0)
        (expected.recordBytes, expected.recordCount) = (0, 0)
        #expect(hello == expected)
        var reader = ClientHelloReader()
        for count in 0..<cut.count {
            #expect(reader.examine(cut.span.extracting(..<count)) == .needsMore, "after \(count) bytes")
        }
        #expect(reader.examine(cut.span) != .needsMore)
    }

    @Test func `even the message's header may be spread over records`() throws {
        var sample = ClientHelloSample(sessionID: [])
        sample.extensions = nil
        // 45 bytes in all, one to a record.
        let hello = try Self.hello(ClientHelloSample.records(ClientHelloSample.message(sample.body), of: 1))
        #expect(hello.recordCount == 45)
        #expect(hello.cipherSuites == [0x1301])
    }

    // Hellos over 16 KiB or in more than 64 records were refused with decode_error, which RFC 8446 asks of nobody.
    @Test func `a hello may be as long as its fields allow, in records of one byte too`() throws {
        var sample = ClientHelloSample()
        sample.cipherSuites = [UInt16](repeating: 0x1301, count: 32_767)
        sample.compressionMethods = [UInt8](repeating: 0, count: 255)
        sample.extensions = [(21, [UInt8](repeating: 0, count: 65_531))]
        let hello = try Self.hello(ClientHelloSample.records(ClientHelloSample.message(sample.body), of: 16_384))
        #expect(hello.cipherSuites.count == 32_767 && hello.recordCount == 9)
        sample = ClientHelloSample()
        sample.extensions = [(21, [UInt8](repeating: 0, count: 1_900))]
        let cut = ClientHelloSample.records(ClientHelloSample.message(sample.body), of: 1)
        #expect(try Self.hello(cut).recordCount == sample.body.count + 4)
    }

    @Test func `the longest hello fits the promised buffer`() throws {
        var sample = ClientHelloSample()
        sample.cipherSuites = [UInt16](repeating: 0x1301, count: 32_767)
        sample.compressionMethods = [UInt8](repeating: 0, count: 255)
        sample.extensions = [(21, [UInt8](repeating: 0, count: 65_531))]
        let message = ClientHelloSample.message(sample.body)
        #expect(message.count == 4 + ClientHelloReader.maximumMessage)
        let bytes = ClientHelloSample.records(message, of: message.count / ClientHelloReader.maximumRecords + 1)
        #expect(bytes.count <= ClientHelloReader.maximumBytes)
        #expect(try Self.hello(bytes).extensions == [21])
        #expect(examine(ClientHelloSample.records(message, of: 16_384)) != .needsMore)
    }

    private static func hello(_ bytes: [UInt8]) throws -> ClientHello {
        let outcome = examine(bytes)
        guard case .hello(let hello) = outcome else { throw NoHello(outcome: outcome) }
        return hello
    }

    private struct NoHello: Error {
        let outcome: ClientHelloReader.Outcome
    }
}
