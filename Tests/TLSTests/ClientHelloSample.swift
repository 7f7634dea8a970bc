import TLS
import TLSNames

/// A ClientHello put together by hand, so that each part can be made wrong by itself.
struct ClientHelloSample {
    var version: UInt16 = 0x0303
    var random = [UInt8](repeating: 0x5a, count: 32)
    var sessionID = [UInt8](repeating: 1, count: 32)
    var cipherSuites: [UInt16] = [0x1301]
    var compressionMethods: [UInt8] = [0]
    /// Nil leaves out the whole block, as clients did before there were extensions.
    var extensions: [(type: UInt16, content: [UInt8])]? = []

    /// The message without its header.
    var body: [UInt8] {
        var bytes = short(version) + random + list8(sessionID)
        bytes += list16(cipherSuites.flatMap(short)) + list8(compressionMethods)
        if let extensions {
            bytes += list16(extensions.flatMap { short($0.type) + list16($0.content) })
        }
        return bytes
    }

    /// One record with the whole message.
    var record: [UInt8] { Self.record(Self.message(body)) }

    static func message(_ body: [UInt8], type: UInt8 = 1) -> [UInt8] {
        [type, UInt8(body.count >> 16)] + short(UInt16(truncatingIfNeeded: body.count)) + body
    }

    static func record(_ payload: [UInt8], type: UInt8 = 22) -> [UInt8] {
        [type, 3, 1] + list16(payload)
    }

    /// The message in records of at most `size` bytes of payload.
    static func records(_ message: [UInt8], of size: Int) -> [UInt8] {
        stride(from: 0, to: message.count, by: size)
            .flatMap { start in
                record(Array(message[start..<min(start + size, message.count)]))
            }
    }

    static func serverName(_ name: [UInt8], type: UInt8 = 0) -> [UInt8] {
        list16([type] + list16(name))
    }

    static func applicationProtocols(_ names: [[UInt8]]) -> [UInt8] {
        list16(names.flatMap(list8))
    }

    /// The first message of a real client.
    static func captured(
        versions: ClosedRange<ProtocolVersion>,
        serverName: String = "localhost",
        protocols: [String] = ["h2", "http/1.1"]
    ) throws -> [UInt8] {
        let trust = try ClientContext(
            trustAnchors: EngineIdentities.localhost().chain,
            versions: versions,
            applicationProtocols: protocols
        )
        var client = try Engine(client: trust, serverName: serverName, wire: Wire(memoryWith: []))
        _ = try client.handshake()
        return client.wire.takeOutput()
    }
}

/// A number in network order.
func short(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] }

/// Bytes behind one byte of length.
func list8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(truncatingIfNeeded: bytes.count)] + bytes }

/// Bytes behind two bytes of length.
func list16(_ bytes: [UInt8]) -> [UInt8] { short(UInt16(truncatingIfNeeded: bytes.count)) + bytes }

/// What a fresh reader says of these bytes.
func examine(_ bytes: [UInt8]) -> ClientHelloReader.Outcome {
    var reader = ClientHelloReader()
    return reader.examine(bytes.span)
}
