import TLSNames
import Testing

@testable import TLS

/// One connection in memory whose server has a record plan, from the hello to what is left when nothing moves.
///
/// A server that gets through its handshake writes an answer, and the client reads.
struct RecordRun {
    /// All that left the server.
    var sent: [UInt8] = []
    /// How the client failed, in the handshake or while it read.
    var client: TLSError?
    /// How the server failed, in the handshake or while it wrote or read.
    var server: TLSError?
    /// What the client has read.
    var received: [UInt8] = []
    /// How the client's reading ended; nil where its handshake did not.
    var end: Engine.ReadResult?
    /// Whether each end thinks that the handshake is done.
    var clientIsDone = false
    var serverIsDone = false
    /// What the server's wire holds in the end.
    var held: Wire.Held?
    /// How often something was released.
    var releases = 0
    var met: [RecordLabel] = []
    var unmet: [RecordLabel] = []
    /// The alert that the server's wire knows of.
    var alert: Alert?

    static let answer = Array("an answer of some length, so that half of it is something".utf8)

    init(
        _ version: ProtocolVersion,
        _ plan: RecordPlan,
        identity: Identity? = nil,
        configure: (inout HandshakeOptions) -> Void = { _ in },
        resuming session: ClientSession? = nil
    ) throws {
        let identity = try identity ?? EngineIdentities.localhost()
        var options = HandshakeOptions()
        options.records = plan
        configure(&options)
        var pair = try EnginePair(
            client: ClientContext(trustAnchors: EngineIdentities.localhost().chain, versions: version...version),
            server: ServerContext(identity: identity, ticketKeys: ticketKeys()),
            options: options,
            resuming: session
        )
        var isMoving = true
        while isMoving {
            let fromClient = advanceClient(&pair.client)
            pair.server.wire.deliver(fromClient.span)
            let fromServer = advanceServer(&pair.server)
            pair.client.wire.deliver(fromServer.span)
            sent += fromServer
            isMoving = !fromClient.isEmpty || !fromServer.isEmpty
        }
        if server?.cause == .outputEnded {
            pair.client.wire.deliverEnd()
            _ = advanceClient(&pair.client)
        }
        held = pair.server.wire.held
        met = pair.server.wire.filter?.met ?? []
        unmet = pair.server.wire.unmetInterventions
        alert = pair.server.wire.alert
    }

    private mutating func advanceClient(_ engine: inout Engine) -> [UInt8] {
        guard client == nil else { return [] }
        do throws(TLSError) {
            if !clientIsDone { clientIsDone = try engine.handshake() == .done }
            if clientIsDone { end = try read(&engine, into: &received) }
        } catch {
            client = error
        }
        return engine.wire.takeOutput()
    }

    private mutating func advanceServer(_ engine: inout Engine) -> [UInt8] {
        guard server == nil else { return [] }
        do throws(TLSError) {
            if !serverIsDone {
                var progress = try engine.handshake()
                while case .next = engine.wire.held {
                    #expect(progress != .done)
                    engine.wire.release()
                    releases += 1
                    progress = try engine.handshake()
                }
                serverIsDone = progress == .done
                if serverIsDone { _ = try engine.write(Self.answer.span) }
            }
            if serverIsDone {
                var nothing: [UInt8] = []
                _ = try read(&engine, into: &nothing)
            }
        } catch {
            server = error
        }
        return engine.wire.takeOutput()
    }

    private func read(_ engine: inout Engine, into bytes: inout [UInt8]) throws(TLSError) -> Engine.ReadResult {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            var target = buffer.mutableSpan
            let result = try engine.read(into: &target)
            guard case .bytes(let count) = result else { return result }
            bytes += buffer[..<count]
        }
    }

    /// How many bytes of the last record left, where not all of it did.
    var cutOff: Int? { Self.cutOff(of: sent) }

    /// The same of any bytes.
    static func cutOff(of sent: [UInt8]) -> Int? {
        let records = records(in: sent)
        return records.last?[1] == -1 ? sent.count - records.dropLast().reduce(0) { $0 + 5 + $1[1] } : nil
    }

    /// The content types and lengths of the records that left; what is left of a cut one is last, with a length of -1.
    var records: [[Int]] { Self.records(in: sent) }

    /// The same of any bytes.
    static func records(in sent: [UInt8]) -> [[Int]] {
        var found: [[Int]] = []
        var rest = sent[...]
        while let type = rest.first {
            let header = Array(rest.prefix(5))
            let count = header.count == 5 ? 5 + Int(header[3]) << 8 + Int(header[4]) : .max
            found.append([Int(type), rest.count < count ? -1 : count - 5])
            rest = rest.dropFirst(count)
        }
        return found
    }
}

/// A label with a version that has it.
struct RecordCase: CustomTestStringConvertible, Sendable {
    let version: ProtocolVersion
    let label: RecordLabel

    var testDescription: String { "\(version) \(label)" }

    static let all = [ProtocolVersion.tls12, .tls13]
        .flatMap { version in
            RecordLabel.allCases.filter { $0.exists(in: version) }.map { RecordCase(version: version, label: $0) }
        }

    /// Whether the client's handshake is over before the record comes.
    var followsHandshake: Bool { label == .ticket && version == .tls13 }
}

extension RecordLabel {
    /// Whether a full handshake of that version has such a record.
    func exists(in version: ProtocolVersion) -> Bool {
        switch self {
        case .serverHello, .certificate, .ticket, .finished: true
        case .encryptedExtensions, .certificateVerify: version == .tls13
        case .serverKeyExchange, .serverHelloDone: version < .tls13
        }
    }
}
