/// What `strace -f -yy` wrote, call by call.
struct TraceReading {
    /// One system call; its moments are line numbers, which follow the order in which calls were seen to begin and end.
    struct Call {
        let name: Substring
        let arguments: Substring
        let begin: Int
        let end: Int
        let result: Int

        /// Whether it is about a connection of the client with this port.
        func concerns(client port: UInt16) -> Bool { arguments.contains("->127.0.0.1:\(port)]>") }

        /// Whether it is about the registry's write-ahead log.
        var concernsLog: Bool { arguments.contains("/registry.sqlite-wal>") }
    }

    /// A request and its answer on one connection: when the last of the one was in, and when the first of the other
    /// left.
    struct Exchange {
        let received: Int
        let answered: Int
    }

    /// Every finished call, in the order of their ends.
    let calls: [Call]

    /// Reads the whole trace.
    init(_ text: String) {
        var unfinished: [Substring: (name: Substring, arguments: Substring, begin: Int)] = [:]
        var calls: [Call] = []
        for (number, line) in text.split(separator: "\n").enumerated() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let thread = parts[0]
            let rest = parts[1].drop { $0 == " " }
            let result = rest.ranges(of: " = ").last.flatMap { Self.number(rest[$0.upperBound...]) }
            if rest.hasPrefix("<... ") {
                guard let begun = unfinished.removeValue(forKey: thread), let result else { continue }
                calls.append(
                    Call(name: begun.name, arguments: begun.arguments, begin: begun.begin, end: number, result: result)
                )
            } else if let bracket = rest.firstIndex(of: "(") {
                let name = rest[..<bracket]
                let arguments = rest[rest.index(after: bracket)...]
                if rest.hasSuffix("<unfinished ...>") {
                    unfinished[thread] = (name, arguments, number)
                } else if let result {
                    calls.append(Call(name: name, arguments: arguments, begin: number, end: number, result: result))
                }
            }
        }
        self.calls = calls
    }

    private static func number(_ text: Substring) -> Int? {
        Int(text.prefix { $0 == "-" || $0.isNumber })
    }

    /// The connection's exchanges: its reads and writes by turns, the handshake's among them, the last ones last.
    func exchanges(ofClient port: UInt16) -> [Exchange] {
        var exchanges: [Exchange] = []
        var received: Int?
        for call in calls.sorted(by: { $0.begin < $1.begin }) where call.result > 0 && call.concerns(client: port) {
            if ["recvfrom", "recvmsg", "read", "readv"].contains(call.name) {
                received = call.end
            } else if ["sendto", "sendmsg", "write", "writev"].contains(call.name), let last = received {
                exchanges.append(Exchange(received: last, answered: call.begin))
                received = nil
            }
        }
        return exchanges
    }

    /// Whether, between the request and the first byte of its answer, something was written to the log and then a sync
    /// of the log began and returned.
    func isDurable(_ exchange: Exchange) -> Bool {
        let between = calls.filter { call in
            call.concernsLog && call.result >= 0 && call.begin > exchange.received && call.end < exchange.answered
        }
        return between.contains { sync in
            sync.name == "fdatasync" && between.contains { $0.name == "pwrite64" && $0.end < sync.begin }
        }
    }
}
