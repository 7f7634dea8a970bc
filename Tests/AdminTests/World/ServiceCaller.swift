import HTTP
import IO
import Lab
import TestKit

@testable import Server

/// A service that is asked on its loop and by nobody else: a request's bytes in, the answer's out, and no connection.
///
/// It stands where a connection does. All that tests know of an exchange, and of how a service is asked, is here.
actor ServiceCaller<Answering: Service>: LoopActor {
    nonisolated let loop: EventLoop
    private let context: LoopLocal<LoopContext>
    private let service: Answering
    private let lab: Lab?
    private let limits: RequestLimits

    /// Asks `service` on the loop of `context`, as a connection to a listener of `lab` would.
    init(_ service: Answering, of lab: Lab? = nil, on context: LoopLocal<LoopContext>, within limits: ServerLimits) {
        loop = context.loop
        self.context = context
        self.service = service
        self.lab = lab
        self.limits = limits.request
    }

    /// Sends a request of these lines, with a body where there is one.
    func ask(_ line: String, fields: [String], body: String?) async throws -> Curl.Reply {
        var lines = ["\(line) HTTP/1.1"]
        if !fields.contains(where: { $0.hasPrefix("Host:") }) { lines.append("Host: localhost") }
        lines += fields
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        lines += ["", body ?? ""]
        return try Curl.Reply(
            parsing: String(decoding: try await ask(Array(lines.joined(separator: "\r\n").utf8)), as: UTF8.self)
        )
    }

    private func ask(_ request: [UInt8]) async throws -> [UInt8] {
        let exchange = Exchange(limits: limits)
        Self.put(request, into: &exchange.input)
        var body: [UInt8] = []
        guard let complete = try read(exchange, refusingInto: &body) else { return body }
        exchange.begin(on: 1, of: lab, at: loop.now)
        let message = service.read(exchange, on: context.value)
        var head: ResponseHead
        if let atOnce = service.answer(message, to: exchange, into: &body) {
            head = atOnce
        } else {
            let answer = await service.carryOut(message, for: nil)
            head = service.write(answer, to: exchange, into: &body)
        }
        head.isForHead = complete.isHead
        let isStreamed = exchange.stream != nil
        if !head.isForHead, let stream = exchange.stream { try await Self.append(stream, to: &body) }
        return write(head, isStreamed ? .chunked : .bytes(body.count), body)
    }

    /// The request; nil where HTTP itself refuses it, and the answer is there.
    private func read(_ exchange: Exchange, refusingInto answer: inout [UInt8]) throws -> HTTP.Request? {
        while true {
            let progress = exchange.input.withUnread { bytes in exchange.conversation.advance(over: &bytes).next }
            switch progress {
            case .complete: return exchange.request
            case .expectsContinue: continue
            case .needsMore: throw TestKitError("the request is not whole")
            case .refused(let refusal):
                var body: [UInt8] = []
                let objection = Objection(refusal.status, refusal.reason, named: refusal.name)
                let type = service.writeRefusal(objection, into: &body)
                answer = write(ResponseHead(status: refusal.status, contentType: type), .bytes(body.count), body)
                return nil
            }
        }
    }

    private func write(_ head: ResponseHead, _ length: ResponseWriter.Length, _ body: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        context.value.responses.appendHead(head, length: length, date: HTTPDate(unixSeconds: 0), to: &output)
        return head.isForHead || !head.status.allowsContent ? output : output + body
    }

    private static func append(_ stream: any BodyStream, to body: inout [UInt8]) async throws {
        while true {
            var piece: [UInt8] = []
            let step = stream.next(into: &piece)
            body += piece
            switch step {
            case .piece: await Task.yield()
            case .pause(let time): try await Task.sleep(for: time)
            case .end: return
            case .failed(let reason): throw TestKitError("the body ended: \(reason)")
            }
        }
    }

    private static func put(_ bytes: [UInt8], into input: inout InputBuffer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            input.makeRoom(forTotal: bytes.count)
            let count = input.fill { room in
                let count = min(room.count, rest.count)
                for index in 0..<count { room[index] = rest[rest.startIndex + index] }
                return count
            }
            rest = rest.dropFirst(count)
        }
    }
}
