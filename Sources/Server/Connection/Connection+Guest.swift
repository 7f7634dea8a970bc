import HTTP
import IO

/// What the doorkeeper of its plane asks of a connection.
extension Connection: Guest {
    /// How long a connection without a place may take to say what it wants, from its first packet on.
    static var doorTimeout: Duration { .seconds(1) }

    /// What it is at; on its loop only.
    nonisolated func occupation() -> Occupation {
        assumeIsolated { connection in
            guard !connection.awaitsTurn else { return .atWork }
            guard connection.awaitsRequest, connection.exchange?.reader.head == nil else { return .atWork }
            guard connection.exchanges > 0, connection.exchange?.hasBegun != true else { return .silent }
            // The deadline of who has begun nothing is that of the wait between two requests.
            let left = connection.deadline.since(.now)
            return .idle(connection.limits.idleTimeout - left)
        }
    }

    /// Has it end; on its loop only.
    nonisolated func displace() {
        assumeIsolated { connection in
            connection.channel.displace()
            connection.context.turns.giveUp(id: connection.id, of: connection.peer.host)
        }
    }
}
