import FoundationEssentials
import IO
import Journal
import Logging
import Notation

/// Writes each log event as one line, for people or as JSON.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    private let format: Settings.LogFormat
    private let writer: LineWriter
    private let label: String

    init(label: String, level: Logger.Level, format: Settings.LogFormat, writer: LineWriter) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { (Self.rank($0.key), $0.key) < (Self.rank($1.key), $1.key) }
        var line = ""
        switch format {
        case .text:
            line += "\(Self.timestamp()) \(event.level.rawValue) \(Self.visible(event.message.description))"
            for (key, value) in fields {
                line += " \(key)=\(Self.quoteIfNeeded(value.description))"
            }
        case .json:
            line += "{\"time\":\"\(Self.timestamp())\",\"level\":\"\(event.level.rawValue)\","
            line += "\"message\":\(Self.quote(event.message.description))"
            for (key, value) in fields {
                line += ",\(Self.quote(key)):\(Self.json(value))"
            }
            line += "}"
        }
        line += "\n"
        // A peer's text may hold a secret wherever it stands.
        writer.write(Redaction.redacted(Array(line.utf8)))
    }

    /// The moment by the host's clock, in UTC, which it says.
    private static func timestamp() -> String {
        Date.now.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted)
        )
    }

    /// Fields in the order in which a reader asks: what came of it, who it was about, what, from where, which rule.
    private static let order = [
        "outcome", "code", "status", "alert", "alert.direction", "reason", "serial", "type", "token", "license",
        "client", "rule", "rules", "sni", "method", "path", "lab", "listener", "stage", "exchanges", "durationMs",
    ]

    private static func rank(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }

    /// Numbers and booleans are what they are, the rest is text.
    private static func json(_ value: Logger.Metadata.Value) -> String {
        if case .stringConvertible(let number) = value, number is any Numeric || number is Bool {
            // JSON has no infinity.
            if let real = number as? Double, !real.isFinite { return quote(value.description) }
            return number.description
        }
        return quote(value.description)
    }

    /// A peer chooses some of what is logged, so nothing in it may end the line or steer a terminal.
    private static func visible(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(quote(text).dropFirst().dropLast())
    }

    private static func quoteIfNeeded(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        return isPlain ? text : quote(text)
    }

    private static func quote(_ text: String) -> String {
        var quoted: [UInt8] = []
        JSONEscapes.log.append(text, to: &quoted)
        return String(decoding: quoted, as: UTF8.self)
    }
}
