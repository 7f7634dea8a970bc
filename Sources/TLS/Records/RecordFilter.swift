package import TLSNames

/// Cuts what OpenSSL writes into records, and does to each what a plan says.
///
/// A state machine over bytes: the wire gives it what OpenSSL writes and sends what it lets through. OpenSSL announces
/// each record's header before the record's bytes, and names a handshake message after all its bytes; so a record is
/// held until its name is known, which it is at the latest when the flight is flushed.
final class RecordFilter {
    /// A record whose header was seen.
    private struct Announcement {
        /// What it holds, as far as its header and, in TLS 1.3, its inner type tell (RFC 8446 section 5.1).
        var type: UInt8
        var isSealed = false
        /// Nil where its message has none; see `isNamed`.
        var label: RecordLabel?
        /// Whether the label is known.
        var isNamed: Bool
    }

    /// What is still to happen; what a label that never comes leaves is a miss.
    private(set) var unmet: [RecordLabel: RecordIntervention]
    /// What has happened, in this order.
    private(set) var met: [RecordLabel] = []
    /// Units that wait to be released, where the plan has a gap.
    private(set) var waiting: [[UInt8]] = []
    /// What may leave and has not yet.
    var outgoing = ByteQueue()
    /// How many bytes of the next attempt to write have been taken already, though OpenSSL was told to try again.
    var owed = 0
    /// Whether the engine's handshake is over, behind which nothing is done to records.
    var isHandshakeOver = false
    /// How the output is over, once what waits has left.
    private(set) var ending: Wire.Held?
    /// The alert that left instead of a record.
    private(set) var alert: AlertCode?

    private let isPaced: Bool
    private var announced: [Announcement] = []
    private var written: [UInt8] = []
    /// A ChangeCipherSpec that goes with the next record.
    private var preceding: [UInt8] = []
    private var version = ProtocolVersion.tls12
    /// Whether TLS 1.2 has changed its cipher.
    private var hasChangedCipher = false
    private var sealer = AlertSealer()

    init(_ plan: RecordPlan) {
        unmet = plan.interventions
        isPaced = plan.gap != nil
    }

    /// Whether bytes may pass without a look at them.
    var isTransparent: Bool { isHandshakeOver && ending == nil && announced.isEmpty && waiting.isEmpty }

    /// The lower byte of the version that records carry (RFC 8446 section 5.1).
    var recordVersion: UInt8 { UInt8(truncatingIfNeeded: min(version, .tls12).rawValue) }

    // MARK: What OpenSSL announces

    /// Notes the content type of a record's header, whose bytes follow.
    func announce(type: UInt8) {
        guard ending == nil, !isTransparent else { return }
        if type == ContentType.changeCipherSpec, version < .tls13 {
            hasChangedCipher = true
            announced.append(Announcement(type: type, isNamed: true))
        } else {
            announced.append(announcement(type, isSealed: hasChangedCipher))
        }
    }

    /// Notes the inner content type of the record that was announced last.
    func announce(innerType: UInt8) {
        guard !announced.isEmpty else { return }
        announced[announced.count - 1] = announcement(innerType, isSealed: true)
    }

    private func announcement(_ type: UInt8, isSealed: Bool) -> Announcement {
        Announcement(type: type, isSealed: isSealed, isNamed: type != ContentType.handshake)
    }

    /// Names the message that the announced records without a name belong to.
    func name(messageType: UInt8, version: ProtocolVersion) {
        self.version = version
        for index in announced.indices where !announced[index].isNamed {
            announced[index].label = RecordLabel(messageType: messageType)
            announced[index].isNamed = true
        }
    }

    /// Notes a line of OpenSSL's key log.
    func noteSecret(_ line: String, suite: UInt16) {
        sealer.note(line, suite: suite)
    }

    // MARK: What OpenSSL writes

    /// Takes bytes, and lets through what can be decided.
    func take(_ bytes: Span<UInt8>) {
        guard ending == nil else { return }
        for index in bytes.indices { written.append(bytes[index]) }
        settle()
    }

    /// Decides about all records that are complete and named.
    func settle() {
        while ending == nil, let next = announced.first, next.isNamed, let record = cut() {
            announced.removeFirst()
            handle(record, next)
        }
        if ending != nil { (written, announced, preceding) = ([], [], []) }
    }

    /// Lets the unit leave that has waited longest.
    func release() {
        guard !waiting.isEmpty else { return }
        let unit = waiting.removeFirst()
        outgoing.append(unit.span)
    }

    /// Lets everything leave that waits.
    func releaseAll() {
        while !waiting.isEmpty { release() }
    }

    private static let headerLength = 5

    private func cut() -> [UInt8]? {
        guard written.count >= Self.headerLength else { return nil }
        let count = Self.headerLength + Int(written[3]) << 8 + Int(written[4])
        guard written.count >= count else { return nil }
        defer { written.removeFirst(count) }
        return Array(written[..<count])
    }

    private func handle(_ record: [UInt8], _ known: Announcement) {
        if known.type == ContentType.changeCipherSpec {
            preceding += record
        } else if let label = known.label, let intervention = unmet[label],
            carryOut(intervention, on: record, known)
        {
            unmet[label] = nil
            met.append(label)
        } else {
            pass(record, known)
        }
    }

    private func pass(_ record: [UInt8], _ known: Announcement) {
        let unit = preceding + record
        preceding = []
        if waiting.isEmpty, !isPaced { outgoing.append(unit.span) } else { waiting.append(unit) }
        if known.isSealed { sealer.passed(beginsData: known.label == .finished) }
    }

    /// Whether it could be done.
    private func carryOut(
        _ intervention: RecordIntervention,
        on record: [UInt8],
        _ known: Announcement
    ) -> Bool {
        switch intervention {
        case .stall:
            ending = .stalled
        case .truncate(let bytes):
            pass(Array(record.prefix(max(0, bytes ?? record.count / 2))), known)
            ending = .ended(.truncated)
        case .corrupt:
            var changed = record
            if known.isSealed {
                changed[(Self.headerLength + record.count) / 2] ^= 1
            } else {
                // No type with this bit is registered.
                changed[Self.headerLength] ^= 0x80
            }
            pass(changed, known)
        case .alert(let code):
            guard let instead = alertRecord(code, insteadOf: record, known) else { return false }
            preceding = []
            pass(instead, known)
            alert = code
            ending = .ended(.alerted)
        }
        return true
    }

    private func alertRecord(_ code: AlertCode, insteadOf record: [UInt8], _ known: Announcement) -> [UInt8]? {
        // The one sealed record of TLS 1.2 is Finished: before its ChangeCipherSpec an alert is read in clear.
        if known.isSealed, version == .tls13 { return sealer.seal(code) }
        return Alert.record(code, version: recordVersion)
    }
}

/// What happens to the records of one handshake that leave.
///
/// Each intervention meets the first record of its label, once. Two that end the output can both stand in a plan; the
/// record that comes first decides. A record of ChangeCipherSpec goes with the record after it: it leaves before one
/// that is changed or cut, and does not leave before one that is kept back or replaced.
package struct RecordPlan: Sendable, Equatable {
    /// What happens, by the record that it happens to.
    package var interventions: [RecordLabel: RecordIntervention]
    /// How long every record of the handshake waits before it leaves, tickets included; nil for no wait.
    ///
    /// The engine never waits: its owner does, as ``Wire/held`` says.
    package var gap: Duration?

    /// A plan.
    package init(interventions: [RecordLabel: RecordIntervention] = [:], gap: Duration? = nil) {
        self.interventions = interventions
        self.gap = gap
    }

    /// Whether nothing happens at all.
    package var isEmpty: Bool { interventions.isEmpty && gap == nil }
}
