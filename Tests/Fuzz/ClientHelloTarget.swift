/// The ClientHello reader: whatever a connection begins with, it is judged within the promised bytes, and the same
/// however it was cut and whatever follows.
func examine(_ input: FuzzInput) {
    var input = input
    let outcomes = input.arrivals().map { judged(input.bytes, arriving: $0) }
    for outcome in outcomes {
        require(outcome == outcomes[0], "the outcome depends on the cuts: \(outcome), not \(outcomes[0])")
    }
    switch outcomes[0] {
    case .needsMore:
        require(input.bytes.count < ClientHelloReader.maximumBytes, "no outcome after \(input.bytes.count) bytes")
    case .hello(let hello):
        check(hello, in: input.bytes)
    case .notTLS(let kind):
        require(!kind.rawValue.isEmpty, "a protocol without a name")
    case .malformed(let defect):
        require(!defect.description.isEmpty, "a defect without a description")
    }
}

/// Shows the bytes as a connection would: all so far, until there is an outcome.
private func judged(_ bytes: [UInt8], arriving counts: [Int]) -> ClientHelloReader.Outcome {
    var reader = ClientHelloReader()
    for count in counts {
        let outcome = reader.examine(bytes.span.extracting(0..<count))
        guard outcome == .needsMore else { return outcome }
    }
    return .needsMore
}

private func check(_ hello: ClientHello, in bytes: [UInt8]) {
    require((1...bytes.count).contains(hello.recordBytes), "a hello of \(hello.recordBytes) bytes")
    require((1...ClientHelloReader.maximumRecords).contains(hello.recordCount), "\(hello.recordCount) records")
    require(Set(hello.extensions).count == hello.extensions.count, "an extension twice")
    require((0...32).contains(hello.sessionIDLength), "a session id of \(hello.sessionIDLength) bytes")
    if let name = hello.serverName {
        require(name.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a host name that can't be logged")
        require(name == name.lowercased() && (1...255).contains(name.utf8.count), "a host name out of form")
    }
    let alone = judged(Array(bytes[..<hello.recordBytes]), arriving: [hello.recordBytes])
    require(alone == .hello(hello), "the hello's own bytes give \(alone)")
}
