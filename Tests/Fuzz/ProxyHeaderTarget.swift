/// The PROXY protocol's reader: it never reads past what is there, and says the same however the bytes came.
func examine(_ input: FuzzInput) {
    var input = input
    let outcomes = input.arrivals().map { judged(input.bytes, arriving: $0) }
    for outcome in outcomes {
        require(outcome == outcomes[0], "the outcome depends on the cuts: \(outcome), not \(outcomes[0])")
    }
    switch outcomes[0] {
    case .needsMore: require(input.bytes.count < 16 + ProxyHeader.longestRest, "no outcome")
    case .header(let header):
        require((15...input.bytes.count).contains(header.length), "a header of \(header.length) bytes")
        let alone = judged(Array(input.bytes[..<header.length]), arriving: [header.length])
        require(alone == outcomes[0], "the header's own bytes give \(alone)")
    case .refused(let reason): require(!reason.isEmpty, "a refusal without a reason")
    }
}

/// Shows the bytes as a connection would: all so far, until there is an outcome.
private func judged(_ bytes: [UInt8], arriving counts: [Int]) -> ProxyHeader.Outcome {
    for count in counts {
        let outcome = ProxyHeader.examine(bytes.span.extracting(0..<count))
        guard outcome == .needsMore else { return outcome }
    }
    return .needsMore
}
