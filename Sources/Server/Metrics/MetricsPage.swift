import IO

/// A page of the Prometheus text format, family by family.
struct MetricsPage {
    /// What a family's values are.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// The page so far.
    private(set) var bytes: [UInt8] = []
    private var name = ""

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    /// A family of one value.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: UInt64) {
        family(name, kind, help)
        sample([:], value)
    }

    /// The values of the family that are not 0, and the one that is told `always`; those that `labels` knows no words
    /// for, by their number, are added up under its words for nil.
    mutating func samples(
        _ values: [UInt64],
        always: Int? = nil,
        _ labels: (Int?) -> KeyValuePairs<String, String>?
    ) {
        var others: UInt64 = 0
        for (number, count) in values.enumerated() where count > 0 || number == always {
            if let labels = labels(number) { sample(labels, count) } else { others &+= count }
        }
        if others > 0, let labels = labels(nil) { sample(labels, others) }
    }

    /// One value of the family.
    mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: UInt64) {
        line("", labels.map { ($0.key, $0.value) }, "\(value)")
    }

    /// A histogram of the family, added up from several of the same bounds; none is an empty page.
    ///
    /// - Parameters:
    ///   - labels: Its labels.
    ///   - readings: What it is added up from.
    ///   - unitsPerSecond: How many of the readings' units make a second; nil where they are no times.
    mutating func histogram(
        _ labels: KeyValuePairs<String, String>,
        _ readings: [Histogram.Reading],
        unitsPerSecond: Double?
    ) {
        guard var total = readings.first else { return }
        for reading in readings.dropFirst() { total.add(reading) }
        let labels = labels.map { ($0.key, $0.value) }
        func text(_ value: UInt64) -> String { unitsPerSecond.map { "\(Double(value) / $0)" } ?? "\(value)" }
        var below: UInt64 = 0
        for (bound, count) in zip(total.bounds, total.counts) {
            below &+= count
            line("_bucket", labels + [("le", text(bound))], "\(below)")
        }
        line("_bucket", labels + [("le", "+Inf")], "\(total.count)")
        line("_sum", labels, text(total.sum))
        line("_count", labels, "\(total.count)")
    }

    private mutating func line(_ suffix: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        bytes += "\(name)\(suffix)\(list.isEmpty ? "" : "{\(list)}") \(value)\n".utf8
    }
}
