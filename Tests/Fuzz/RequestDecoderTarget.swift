import Foundation

/// The JSON reader, the request decoder and the answer writer: the reader takes nothing that Foundation's refuses and
/// refuses nothing without one of its own stated reasons, and every answer is a document that both read.
func examine(_ input: FuzzInput) {
    let bytes = input.bytes
    var refusal: JSONError?
    do throws(JSONError) {
        try JSONReader.validate(bytes.span, limit: MessageLimits.body)
    } catch {
        refusal = error
        require((0...bytes.count).contains(error.offset), "refused at byte \(error.offset) of \(bytes.count)")
    }
    checkAgainstFoundation(bytes, refusal)
    if refusal == nil {
        checkFragment(bytes)
    }
    for endpoint in [Endpoint.process, .mobile] {
        let decoded = RequestDecoder.decode(bytes.span, at: endpoint)
        if let refusal {
            guard case .notJSON = decoded else { fatalError("decoded in spite of: \(refusal)") }
        }
        if bytes.first == UInt8(ascii: "{"), case .request = decoded {
            // A line feed before it has a request that is written as usual read by the rules of JSON.
            let careful = [0x0A] + bytes
            require(RequestDecoder.decode(careful.span, at: endpoint) == decoded, "a plain request is read differently")
        }
        checkAnswers(to: decoded)
    }
}

extension JSONReader {
    /// Reads a whole document and keeps nothing of it.
    fileprivate static func validate(_ bytes: Span<UInt8>, limit: Int) throws(JSONError) {
        var reader = try JSONReader(bytes, limit: limit)
        try reader.skipValue(in: bytes)
        try reader.finish(in: bytes)
    }
}

extension RequestDecoder {
    fileprivate static func decode(_ bytes: Span<UInt8>, at endpoint: Endpoint) -> Decoded {
        var lists = RequestLists()
        return decode(bytes, at: endpoint, keeping: &lists)
    }
}

/// What was heard of a header that was understood.
private func heard(_ header: RequestHeader) -> PartialHeader {
    PartialHeader(sender: header.sender, serial: header.serial, cluster: header.cluster)
}

/// Takes any document and keeps nothing of it: Foundation's decoder then reads numbers without storing them, so that
/// one too large for a `Double` is no error.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}

private func checkAgainstFoundation(_ bytes: [UInt8], _ refusal: JSONError?) {
    // Foundation tells UTF-16 and UTF-32 by their zero bytes; RFC 8259 section 8.1 leaves only UTF-8.
    guard !bytes.contains(0) else { return }
    let data = Data(bytes)
    guard let refusal else {
        let isRead = (try? JSONDecoder().decode(Anything.self, from: data)) != nil
        require(isRead, "taken, but not by Foundation")
        return
    }
    switch refusal.kind {
    case .duplicateKey, .loneSurrogate, .tooDeep, .tooLarge: return
    case .unexpectedByte where isAfterComma(refusal.offset, bytes): return
    default:
        let isRead = (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
        require(!isRead, "read by Foundation, but refused: \(refusal)")
    }
}

/// Whether the byte at `offset` follows a comma, which Foundation lets stand behind the last member.
private func isAfterComma(_ offset: Int, _ bytes: [UInt8]) -> Bool {
    bytes[..<offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == 0x2C
}

/// Compares text and integers with Foundation's where the whole document is one string or number.
private func checkFragment(_ bytes: [UInt8]) {
    do throws(JSONError) {
        var reader = try JSONReader(bytes.span, limit: MessageLimits.body)
        switch try reader.peek(in: bytes.span) {
        case .string:
            let text = try reader.readString(in: bytes.span).text(in: bytes.span)
            let theirs = try? JSONDecoder().decode(String.self, from: Data(bytes))
            require(theirs.map { Array($0.utf8) == Array(text.utf8) } ?? false, "a string is read differently")
        case .number:
            let number = try reader.readNumber(in: bytes.span)
            guard let integer = number.integer(in: bytes.span) else { return }
            let theirs = try? JSONDecoder().decode(Int.self, from: Data(bytes))
            require(theirs == integer, "\(integer) is read differently")
        default:
            return
        }
    } catch {
        fatalError("valid, but not read: \(error)")
    }
}

/// Writes every answer that what was decoded can get, and reads it again.
private func checkAnswers(to decoded: Decoded) {
    let writer = AnswerWriter()
    var answer: [UInt8] = []
    switch decoded {
    case .notJSON(let error):
        writer.appendParseFailure(error, into: &answer)
        checkAnswer(&answer, echoing: nil)
    case .unknownType:
        writer.appendUnknownType(into: &answer)
        checkAnswer(&answer, echoing: PartialHeader())
    case .fieldInvalid(let type, let header, let field):
        writer.appendFieldInvalid(field, of: type, header: header, peers: peers(header.cluster), into: &answer)
        checkAnswer(&answer, echoing: header)
    case .request(.activation(let request)):
        let tokens = (0..<3).map { TokenSerial(number: $0) }
        let outcomes = [
            ActivationOutcome.granted(license: .init(trial: 1), tokens: tokens), .refused(.licenseNotFound),
        ]
        for outcome in outcomes {
            writer.append(outcome, to: request.header, peers: peers(request.header.cluster), into: &answer)
            checkAnswer(&answer, echoing: heard(request.header))
        }
    case .request(.provision(let request)):
        let outcome = ProvisionOutcome(tokens: request.tokens.map(provisioned), refusal: nil)
        writer.append(outcome, to: request.header, peers: peers(request.header.cluster), into: &answer)
        checkAnswer(&answer, echoing: heard(request.header))
    case .request(.polling(let request)):
        let outcome = PollingOutcome(tokens: request.tokens.map(polled), refusal: .noValidToken)
        writer.append(outcome, to: request.header, peers: peers(request.header.cluster), into: &answer)
        checkAnswer(&answer, echoing: heard(request.header))
    case .request(.mobile(let request)):
        writer.append(.refused(.activationCodeInvalid), to: request, into: &answer)
        checkAnswer(&answer, echoing: PartialHeader(sender: request.sender))
    }
}

/// Reads the answer with both readers, and holds what it echoes against what was asked; then empties the buffer.
private func checkAnswer(_ answer: inout [UInt8], echoing header: PartialHeader?) {
    do throws(JSONError) {
        try JSONReader.validate(answer.span, limit: .max)
    } catch {
        fatalError("an answer that is no JSON, \(error): \(String(decoding: answer, as: UTF8.self))")
    }
    guard let document = try? JSONDecoder().decode(Answer.self, from: Data(answer)) else {
        fatalError("an answer that Foundation does not read: \(String(decoding: answer, as: UTF8.self))")
    }
    answer.removeAll(keepingCapacity: true)
    guard let header else { return }
    func equal(_ left: String?, _ right: VersionText?) -> Bool {
        left.map { Array($0.utf8) } == right.map { Array($0.description.utf8) }
    }
    require(equal(document.d?.version, header.sender.version ?? AnswerWriter.version), "the version is echoed wrong")
    require(equal(document.d?.deviceVersion, header.sender.deviceVersion), "the device's version is echoed wrong")
    require(equal(document.d?.deviceBuild, header.sender.deviceBuild), "the device's build is echoed wrong")
}

/// What an answer echoes, read by Foundation's decoder (its older `JSONSerialization` drops U+FEFF from strings).
private struct Answer: Decodable {
    struct Body: Decodable {
        let version: String?
        let deviceVersion: String?
        let deviceBuild: String?

        enum CodingKeys: String, CodingKey {
            case version = "__version"
            case deviceVersion = "__device_version"
            case deviceBuild = "__device_build"
        }
    }

    let d: Body?
}

private func peers(_ cluster: [Serial]) -> [ClusterPeer] {
    cluster.enumerated().map { ClusterPeer(serial: $1, isRegistered: $0.isMultiple(of: 2)) }
}

private func provisioned(_ entry: ProvisionRequest.Entry) -> ProvisionOutcome.Entry {
    switch entry {
    case .order(let order):
        let code = ActivationCode(claim: 0x0123_4567_89ab_cdef, parameters: order.parameters)
        return .provisioned(token: order.token, license: .init(trial: 2), code: code, codeExpire: order.codeExpire)
    case .malformed(let token, let field):
        return .refused(token: token, .fieldInvalid, field)
    }
}

private func polled(_ entry: PollingRequest.Entry) -> PollingOutcome.Entry {
    switch entry {
    case .token(let token):
        let found = PolledToken(
            token: token,
            license: .init(trial: 3),
            state: .provisioned,
            registrationID: nil,
            osVersion: nil
        )
        return .found(found)
    case .malformed(let token):
        return .refused(token: token, .fieldInvalid)
    }
}
