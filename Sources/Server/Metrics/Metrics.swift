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
        page.family("fauxguard_labs", .gauge, "Labs that there are.")
        page.sample([:], UInt64(labs.all.count))
        connections(loops, &page)
        exchanges(loops, &page)
        registries(&page)
        journals(&page)
        return page.bytes
    }

    private func connections(_ loops: [LoopMetrics], _ page: inout MetricsPage) {
        page.family("fauxguard_connections_accepted_total", .counter, "Connections that the data plane accepted.")
        page.sample([:], loops.sum(\.acceptedCount))
        page.family("fauxguard_connections_open", .gauge, "Connections that are open.")
        page.sample(["plane": "data"], UInt64(server.census.count))
        page.sample(["plane": "control"], UInt64(server.controlCensus.count))
        page.family("fauxguard_connections_limit", .gauge, "Connections that may be open on the data plane.")
        page.sample([:], UInt64(server.census.limit))
        page.family("fauxguard_connections_ended_total", .counter, "Connections of the data plane by how they ended.")
        for (index, outcome) in LoopMetrics.outcomes.enumerated() {
            page.sample(["outcome": outcome.rawValue], loops.sum { $0.endedCount(index) })
        }
        page.family("fauxguard_handshakes_total", .counter, "Handshakes that were completed.")
        let resumed = loops.sum(\.resumptionCount)
        page.sample(["kind": "full"], loops.sum(\.handshakeCount) &- resumed)
        page.sample(["kind": "resumed"], resumed)
        page.family("fauxguard_alerts_total", .counter, "Alerts that ended a connection.")
        for direction in [Alert.Direction.sent, .received] {
            var others: UInt64 = 0
            for code in 0..<LoopMetrics.alertCodes {
                let count = loops.sum { $0.alertCount(code, isSent: direction == .sent) }
                let alert = AlertCode(rawValue: UInt8(truncatingIfNeeded: code))
                guard alert.isNamed else {
                    others &+= count
                    continue
                }
                if count > 0 { page.sample(["alert": alert.name, "direction": direction.rawValue], count) }
            }
            if others > 0 { page.sample(["alert": "other", "direction": direction.rawValue], others) }
        }
        page.family("fauxguard_received_bytes_total", .counter, "Bytes read from sockets of ended connections.")
        page.sample([:], loops.sum(\.bytesInCount))
        page.family("fauxguard_sent_bytes_total", .counter, "Bytes written to sockets of ended connections.")
        page.sample([:], loops.sum(\.bytesOutCount))
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
            var others: UInt64 = 0
            for code in 0..<LoopMetrics.codes {
                let count = loops.sum { $0.exchangeCount(index, code: code) }
                if code == 0 || known.contains(code) {
                    if code == 0 || count > 0 { page.sample(["type": type, "code": "\(code)"], count) }
                } else {
                    others &+= count
                }
            }
            if others > 0 { page.sample(["type": type, "code": "other"], others) }
        }
        page.family("fauxguard_http_responses_total", .counter, "Answers by status.")
        var others: UInt64 = 0
        for status in 100..<600 {
            let count = loops.sum { $0.statusCount(status) }
            if status == 200 || (count > 0 && Status(code: status)?.reason.isEmpty == false) {
                page.sample(["status": "\(status)"], count)
            } else {
                others &+= count
            }
        }
        if others > 0 { page.sample(["status": "other"], others) }
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
        page.family("fauxguard_registry_commits_total", .counter, "Transactions that changed something.")
        page.sample([:], writers.reduce(0) { $0 &+ $1.commits })
        page.family("fauxguard_registry_failed_jobs_total", .counter, "Changes that the disk or the registry refused.")
        page.sample([:], writers.reduce(0) { $0 &+ $1.failedJobs })
        page.family("fauxguard_registry_batch_jobs", .histogram, "Changes that shared one commit.")
        page.histogram([:], writers.map(\.batches), unitsPerSecond: nil)
        page.family(
            "fauxguard_registry_commit_seconds",
            .histogram,
            "What a commit took, its sync of the disk included."
        )
        page.histogram([:], writers.map(\.commitTimes), unitsPerSecond: 1_000_000)
        page.family("fauxguard_registries_offline", .gauge, "Registries that a failing disk or damage took offline.")
        page.sample([:], UInt64(labs.all.count { $0.store.failure != nil }))
    }

    private func journals(_ page: inout MetricsPage) {
        let journals = labs.all.map(\.journal.statistics)
        page.family("fauxguard_journal_entries", .gauge, "Entries that the journals hold.")
        page.sample([:], UInt64(journals.reduce(0) { $0 + $1.entries }))
        page.family("fauxguard_journal_bytes", .gauge, "Bytes of requests and answers that they hold.")
        page.sample([:], UInt64(journals.reduce(0) { $0 + $1.bytes }))
        page.family("fauxguard_journal_dropped_total", .counter, "Entries that later ones drove out.")
        page.sample([:], journals.reduce(0) { $0 &+ $1.dropped })
    }
}

extension [LoopMetrics] {
    fileprivate func sum(_ value: (LoopMetrics) -> UInt64) -> UInt64 { reduce(0) { $0 &+ value($1) } }
}
