import HTTP
import IO
import Journal
package import Lab
import Registry
import SoftToken
import TLS
import TLSNames

/// Everything that the server counts, as Prometheus reads it (text exposition format 0.0.4).
///
/// Labels are words and numbers that this program knows: never a serial, an address or anything else that a peer
/// chooses or a rule makes up. What is counted under a number that nobody published, registered or configured is
/// `other`.
package struct Metrics: Sendable {
    private let server: Server
    private let labs: Labs

    /// Reads these loops and labs.
    package init(of server: Server, labs: Labs) {
        self.server = server
        self.labs = labs
    }

    /// The present values.
    package var text: [UInt8] {
        var page = MetricsPage()
        let loops = server.metrics
        page.family("fauxguard_build_info", .gauge, "The program that answers.")
        page.sample(["version": Server.version], 1)
        page.single("fauxguard_labs", .gauge, "Labs that there are.", UInt64(labs.all.count))
        connections(loops, &page)
        exchanges(loops, &page)
        registries(&page)
        journals(&page)
        return page.bytes
    }

    private func connections(_ loops: [LoopMetrics], _ page: inout MetricsPage) {
        func total(_ name: String, _ help: String, _ place: Int) {
            page.single("fauxguard_\(name)_total", .counter, help, loops.sum(place))
        }
        total("connections_accepted", "Connections that the data plane accepted.", LoopMetrics.Place.accepted)
        page.family("fauxguard_connections_open", .gauge, "Connections that are open.")
        page.sample(["plane": "data"], UInt64(server.census.count))
        page.sample(["plane": "control"], UInt64(server.controlCensus.count))
        let limit = UInt64(server.census.limit)
        page.single("fauxguard_connections_limit", .gauge, "Connections that may be open on the data plane.", limit)
        page.family("fauxguard_connections_ended_total", .counter, "Connections of the data plane by how they ended.")
        for (index, outcome) in LoopMetrics.outcomes.enumerated() {
            page.sample(["outcome": outcome.rawValue], loops.sum(LoopMetrics.Place.outcomes + index))
        }
        page.family("fauxguard_handshakes_total", .counter, "Handshakes that were completed.")
        let resumed = loops.sum(LoopMetrics.Place.resumptions)
        page.sample(["kind": "full"], loops.sum(LoopMetrics.Place.handshakes) &- resumed)
        page.sample(["kind": "resumed"], resumed)
        page.family("fauxguard_alerts_total", .counter, "Alerts that ended a connection.")
        for direction in [Alert.Direction.sent, .received] {
            let first = LoopMetrics.Place.firstAlert(direction)
            page.samples(loops.sums(first..<first + LoopMetrics.alertCodes)) { code in
                let alert = code.map { AlertCode(rawValue: UInt8(truncatingIfNeeded: $0)) }
                guard alert?.isNamed != false else { return nil }
                return ["alert": alert?.name ?? "other", "direction": direction.rawValue]
            }
        }
        total("received_bytes", "Bytes read from sockets of ended connections.", LoopMetrics.Place.bytesIn)
        total("sent_bytes", "Bytes written to sockets of ended connections.", LoopMetrics.Place.bytesOut)
    }

    /// The codes of the service's refusals, as the labs' tables have them.
    private var serviceCodes: Set<Int> {
        Set(
            labs.all.flatMap { lab in ServiceError.allCases.map { lab.choices.writer.errors[$0].code } }
        )
    }

    private func exchanges(_ loops: [LoopMetrics], _ page: inout MetricsPage) {
        let known = serviceCodes
        page.family(
            "fauxguard_exchanges_total",
            .counter,
            "Exchanges that were answered, by message type and by the code at the top of the answer; 0 is none, and other "
                + "what a rule made up."
        )
        for (index, type) in LoopMetrics.types.enumerated() {
            let first = LoopMetrics.Place.exchanges + index * LoopMetrics.codes
            page.samples(loops.sums(first..<first + LoopMetrics.codes), always: 0) { code in
                guard let code else { return ["type": type, "code": "other"] }
                return code == 0 || known.contains(code) ? ["type": type, "code": "\(code)"] : nil
            }
        }
        page.family("fauxguard_http_responses_total", .counter, "Answers by status.")
        let first = LoopMetrics.Place.statuses
        page.samples(loops.sums(first..<first + LoopMetrics.statuses), always: 200 - 100) { place in
            guard let status = place.map({ $0 + 100 }) else { return ["status": "other"] }
            return Status(code: status)?.reason.isEmpty == false ? ["status": "\(status)"] : nil
        }
        page.family(
            "fauxguard_exchange_duration_seconds",
            .histogram,
            "From a request's last byte to its answer, by message type."
        )
        for (index, type) in LoopMetrics.types.enumerated() {
            page.histogram(["type": type], loops.map { $0.latency(index) }, unitsPerSecond: 1_000_000)
        }
    }

    private func registries(_ page: inout MetricsPage) {
        let writers = labs.all.map(\.store.metrics)
        let commits = writers.reduce(0) { $0 &+ $1.commits }
        page.single("fauxguard_registry_commits_total", .counter, "Transactions that changed something.", commits)
        let failed = writers.reduce(0) { $0 &+ $1.failedJobs }
        let refused = "Changes that the disk or the registry refused."
        page.single("fauxguard_registry_failed_jobs_total", .counter, refused, failed)
        page.family("fauxguard_registry_batch_jobs", .histogram, "Changes that shared one commit.")
        page.histogram([:], writers.map(\.batches), unitsPerSecond: nil)
        page.family(
            "fauxguard_registry_commit_seconds",
            .histogram,
            "What a commit took, its sync of the disk included."
        )
        page.histogram([:], writers.map(\.commitTimes), unitsPerSecond: 1_000_000)
        let offline = UInt64(labs.all.count { $0.store.failure != nil })
        let damaged = "Registries that a failing disk or damage took offline."
        page.single("fauxguard_registries_offline", .gauge, damaged, offline)
    }

    private func journals(_ page: inout MetricsPage) {
        let journals = labs.all.map(\.journal.statistics)
        let entries = UInt64(journals.reduce(0) { $0 + $1.entries })
        page.single("fauxguard_journal_entries", .gauge, "Entries that the journals hold.", entries)
        let bytes = UInt64(journals.reduce(0) { $0 + $1.bytes })
        page.single("fauxguard_journal_bytes", .gauge, "Bytes of requests and answers that they hold.", bytes)
        let dropped = journals.reduce(0) { $0 &+ $1.dropped }
        page.single("fauxguard_journal_dropped_total", .counter, "Entries that later ones drove out.", dropped)
    }
}

extension [LoopMetrics] {
    fileprivate func sum(_ place: Int) -> UInt64 { reduce(0) { $0 &+ $1[place] } }

    fileprivate func sums(_ places: Range<Int>) -> [UInt64] { places.map { sum($0) } }
}
