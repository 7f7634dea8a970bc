package import Faults
package import IO
import SoftToken

/// What fault rules ask of the past.
extension Journal {
    /// Who spoke from which address to the lab's own listeners, the oldest first, as far as it is still held.
    ///
    /// It is for rules that a source address has to tell the unit, which would otherwise know nobody who came before them.
    /// Copies out what is held: some milliseconds for a full journal, on any thread.
    package var speakers: [(exchange: ExchangeFacts, address: SocketAddress.Host)] {
        JournalReading(self, tokens: true).items
            .compactMap { item in
                guard case .exchange(let entry) = item.entry, entry.opening.lab == lab, let serial = entry.serial else {
                    return nil
                }
                var facts = ExchangeFacts(path: entry.path)
                facts.message = entry.type
                facts.serial = serial.description
                facts.licenses = entry.license.map { [$0.description] } ?? []
                facts.tokens = item.tokens.compactMap(\.token)
                return (facts, entry.opening.peer.host)
            }
    }
}
