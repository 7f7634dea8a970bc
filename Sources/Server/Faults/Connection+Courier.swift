import Faults
import HTTP
import Transport

/// Bytes that travel as a rule wants, waits that a rule orders, and ends.
extension Connection {
    /// Lets what has come travel to where it is read.
    @inline(never)
    func bring() async throws(ConnectionEnd) {
        do throws(TransportError) {
            try await transport.bring()
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// Lets what was written travel to the peer.
    @inline(never)
    func carry() async throws(ConnectionEnd) {
        do throws(TransportError) {
            try await transport.carry()
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// Waits as a rule wants it; where the rule is over or the server drains first, the story goes on at once.
    ///
    /// Throws where the peer is gone.
    @inline(never)
    func pause(_ hold: Hold) async throws(ConnectionEnd) {
        do throws(TransportError) {
            try await transport.pause(hold) { askWhereItCanBe() }
        } catch {
            throw ConnectionEnd(error)
        }
    }

    /// Asks the peer whether it is there; nil where an answer is on its way, or the peer knows no interim one.
    private func askWhereItCanBe() -> Bool? {
        guard stage == .request, let exchange, exchange.request.version == .http11 else { return nil }
        return askPeer()
    }

    /// Sends an interim answer, which a client passes over (RFC 9110 section 15.2), for one that is gone to reset;
    /// false where it can't be sent, so that the peer is gone already.
    func askPeer() -> Bool {
        context.output.removeAll(keepingCapacity: true)
        context.output += ResponseWriter.continueInterim
        return (try? send()) == true
    }

    /// Ends the connection as a rule wants it; whether the peer is to be waited for, so that what was said last
    /// arrives.
    func end(as ending: Ending) async -> Bool {
        switch ending {
        case .reset:
            transport.endAbruptly(byReset: true)
            return false
        case .close:
            transport.endAbruptly(byReset: false)
            return true
        case .silence(let hold, let term):
            await transport.keepSilent(for: hold, under: term)
            return true
        case .say(let bytes):
            say(bytes)
            return true
        }
    }
}
