extension Effect {
    static let tcpDelay = Effect(
        "tcp.delay",
        at: [.accept, .hello, .request, .answer],
        "Each direction waits: what came before it is read, what goes before it is sent.",
        parameters: Latency.parameters,
        observed: .success,
        expected: "works, slower"
    ) { arguments in
        let latency = Latency(arguments)
        return Action(contradiction: { _ in latency.contradiction }) { plan, draw in
            plan.shape { shaping, term in
                shaping.latency = latency.usual
                shaping.jitter = latency.jitter
                shaping.draw = draw
                shaping.terms.latency = term
            }
        }
    }

    static let tcpThrottle = Effect(
        "tcp.throttle",
        at: [.accept, .hello, .request, .answer],
        "Bytes are read and sent at no more than this rate.",
        parameters: [Parameter("rate", .integer(1...1_000_000_000, unit: "bytes a second"), "the rate")],
        observed: .success,
        expected: "works, slower"
    ) { arguments in
        let rate = arguments.integer("rate") ?? 1
        return Action { plan, _ in
            plan.shape { shaping, term in
                shaping.rate = rate
                shaping.terms.rate = term
            }
        }
    }

    static let tcpSlice = Effect(
        "tcp.slice",
        at: [.accept, .hello, .request, .answer],
        "Bytes are sent in small pieces, each a segment of its own.",
        parameters: [
            Parameter("size", .integer(1...65_536, unit: "bytes"), "a piece's size"),
            Parameter("gap", Parameter.anyDuration, default: "0ms", "how long to wait between two pieces"),
        ],
        observed: .success,
        expected: "works"
    ) { arguments in
        let size = arguments.integer("size") ?? 1
        let gap = arguments.duration("gap") ?? .zero
        return Action { plan, _ in
            plan.shape { shaping, term in
                shaping.sliceSize = size
                shaping.sliceGap = gap
                shaping.terms.slice = term
            }
        }
    }

    static let tcpLimit = Effect(
        "tcp.limit",
        at: [.accept, .hello, .request, .answer],
        ends: true,
        "The connection closes (FIN) after so many bytes sent from here on, those of TLS included.",
        parameters: [Parameter("bytes", .integer(0...1_073_741_824, unit: "bytes"), "how many")],
        observed: .endInHandshake,
        expected: "reports a failure, and keeps no half state"
    ) { arguments in
        let bytes = arguments.integer("bytes") ?? 0
        return Action { plan, _ in plan.shape { shaping, _ in shaping.limit = bytes } }
    }
}
