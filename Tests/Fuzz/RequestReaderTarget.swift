/// The HTTP reader: whatever arrives, it neither traps nor depends on how the bytes were cut, and what it lets through
/// holds against a second, plain-minded look at the same bytes.
func examine(_ input: FuzzInput) {
    var input = input
    // Small limits in most runs: otherwise no input would be long enough to reach them.
    let limits =
        input.draw(below: 4) == 0
        ? RequestLimits()
        : RequestLimits(
            requestLineBytes: 64,
            headBytes: 320,
            fieldCount: 6,
            bodyBytes: 40,
            chunkLineBytes: 16,
            chunkFramingBytes: 64
        )
    let outcomes = input.arrivals().map { Reading(of: input.bytes, arriving: $0, limits: limits) }
    for outcome in outcomes {
        require(outcome == outcomes[0], "the outcome depends on the cuts: \(outcome), not \(outcomes[0])")
    }
    for exchange in outcomes[0].exchanges {
        exchange.check()
    }
}

extension RequestLimits {
    /// The most bytes one request can take in the buffer before it is complete or refused.
    fileprivate var largestRequest: Int { headBytes + bodyBytes + chunkFramingBytes }
}

/// What a reader made of one connection's bytes.
private struct Reading: Equatable {
    var exchanges: [Exchange] = []
    var refusal: Refusal?
    var stage = RequestReader.Stage.idle

    init(of bytes: [UInt8], arriving counts: [Int], limits: RequestLimits) {
        var reader = RequestReader(limits: limits)
        var buffer: [UInt8] = []
        var taken = 0
        for count in counts where refusal == nil {
            buffer += bytes[taken..<count]
            taken = count
            advance(&reader, over: &buffer, limits: limits)
        }
    }

    private mutating func advance(_ reader: inout RequestReader, over buffer: inout [UInt8], limits: RequestLimits) {
        while true {
            let before = buffer
            var span = buffer.mutableSpan
            let progress = reader.advance(over: &span)
            stage = reader.stage
            require(buffer.count == before.count, "the buffer changed its size")
            require(reader.neededCount <= limits.largestRequest, "the reader asks for \(reader.neededCount) bytes")
            switch progress {
            case .needsMore:
                require(buffer.count <= limits.largestRequest, "more is asked for after \(buffer.count) bytes")
                return
            case .expectsContinue:
                require(stage == .body, "100 Continue is asked for in \(stage)")
            case .complete:
                let request = reader.request
                require((1...buffer.count).contains(request.length), "a request of \(request.length) bytes")
                require(buffer[request.length...] == before[request.length...], "bytes behind the request changed")
                exchanges.append(Exchange(request, bytes: Array(buffer[..<request.length])))
                buffer.removeFirst(request.length)
            case .refused(let reason):
                refusal = reason
                var again = buffer.mutableSpan
                require(reader.advance(over: &again) == .refused(reason), "a refusal does not last")
                return
            }
        }
    }
}

/// A request that was let through, with its bytes as the reader left them.
private struct Exchange: Equatable {
    let request: Request
    let bytes: [UInt8]

    init(_ request: Request, bytes: [UInt8]) {
        self.request = request
        self.bytes = bytes
    }

    static func == (left: Exchange, right: Exchange) -> Bool {
        // What lies between the head and the decoded body, and behind it, is leftover framing.
        left.request == right.request && left.text(left.request.body) == right.text(right.request.body)
            && left.head == right.head
    }

    private func text(_ range: Range<Int>) -> [UInt8] {
        Array(bytes[range])
    }

    /// The request line and the fields, without the blank line.
    private var head: [UInt8] {
        text(0..<request.fields.upperBound)
    }

    /// Reads the head again, line by line, and holds it against what the reader said.
    func check() {
        var lines = head.split(separator: 0x0A, omittingEmptySubsequences: true).map(Array.init)
        lines.removeAll { $0 == [0x0D] }
        require(lines.allSatisfy { $0.last == 0x0D }, "a line without CR")
        require(lines.allSatisfy { $0.dropLast().allSatisfy(Self.isText) }, "a control byte in the head")
        let fields = lines.dropFirst().map(Field.init)
        require(fields.allSatisfy { !$0.name.isEmpty && $0.name.allSatisfy(Self.isNameByte) }, "a bad field name")
        checkValues(against: fields)
        let lengths = fields.filter { $0.isNamed("content-length") }
        let codings = fields.filter { $0.isNamed("transfer-encoding") }
        require(lengths.count + codings.count <= 1, "a body with two lengths")
        if let length = lengths.first {
            let announced = Int(String(decoding: length.value, as: UTF8.self))
            require(announced == request.body.count, "\(request.body.count) bytes of a body of \(length.value)")
        } else if codings.isEmpty {
            require(request.body.isEmpty, "a body that nothing announces")
        }
        require(request.version == .http10 || fields.filter { $0.isNamed("host") }.count == 1, "not exactly one Host")
        require(!request.path.isEmpty, "a request without a path")
    }

    private func checkValues(against fields: [Field]) {
        for field in fields {
            let name = String(decoding: field.name, as: UTF8.self).lowercased()
            guard let seen = request.value(of: name, in: bytes.span) else { fatalError("\(name) is not found") }
            require(text(seen) == fields.first { $0.isNamed(name) }?.value, "the value of \(name) is cut wrong")
        }
        require(
            request.value(of: "x", in: bytes.span) == nil || fields.contains { $0.isNamed("x") },
            "a field too many"
        )
    }

    private static func isText(_ byte: UInt8) -> Bool {
        byte == 0x09 || (byte >= 0x20 && byte != 0x7F)
    }

    /// RFC 9110 section 5.6.2: the bytes of a token.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// One line of the head, cut at its first colon.
    private struct Field {
        let name: [UInt8]
        let value: [UInt8]

        init(_ line: [UInt8]) {
            let colon = line.firstIndex(of: 0x3A) ?? 0
            func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
            name = Array(line[..<colon])
            let rest = line.dropLast().dropFirst(colon + 1).drop(while: isBlank)
            value = Array(rest.reversed().drop(while: isBlank).reversed())
        }

        func isNamed(_ text: String) -> Bool {
            String(decoding: name, as: UTF8.self).lowercased() == text
        }
    }
}
