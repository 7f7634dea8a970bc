import HTTP
import IO
import Server

/// How many of one kind of thing that lasts may go on at a time on the admin plane, in all and for one address.
final class Quota: Sendable {
    private struct Counts: Sendable {
        var all = 0
        var byAddress: [SocketAddress.Host: Int] = [:]
    }

    private let what: String
    private let setting: String
    private let limit: Int
    private let limitPerAddress: Int
    private let counts = Monitor(Counts())

    /// At most `limit` of `what`, as `setting` has it; one address has three quarters of them at most, so that others find
    /// room.
    init(of what: String, limit: Int, setting: String) {
        self.what = what
        self.setting = setting
        self.limit = limit
        limitPerAddress = max(1, limit * 3 / 4)
    }

    /// One that goes on, for as long as this is held.
    final class Share: Sendable {
        private let quota: Quota
        private let host: SocketAddress.Host

        fileprivate init(of quota: Quota, for host: SocketAddress.Host) {
            self.quota = quota
            self.host = host
        }

        deinit { quota.giveBack(host) }
    }

    /// Begins one for whoever asks; throws a ``Problem`` that names the limit where there are enough.
    func take(for caller: Caller?) throws(Problem) -> Share {
        let host = caller?.host ?? .v4(0)
        let isOver: (all: Bool, address: Bool) = counts.withLock { counts in
            let own = counts.byAddress[host, default: 0]
            guard counts.all < limit else { return (true, false) }
            guard own < limitPerAddress else { return (false, true) }
            counts.all += 1
            counts.byAddress[host] = own + 1
            return (false, false)
        }
        if isOver.all { throw .crowded("\(limit) \(what) go on, which is the limit (\(setting))", .serviceUnavailable) }
        if isOver.address {
            throw .crowded(
                "\(limitPerAddress) \(what) of your address go on, three quarters of the limit of \(limit) (\(setting))",
                .tooManyRequests
            )
        }
        return Share(of: self, for: host)
    }

    private func giveBack(_ host: SocketAddress.Host) {
        counts.withLock { counts in
            counts.all -= 1
            let left = counts.byAddress[host, default: 1] - 1
            counts.byAddress[host] = left == 0 ? nil : left
        }
    }
}
