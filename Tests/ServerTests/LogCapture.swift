import IO
import Logging

/// Collects what is logged.
final class LogCapture: Sendable {
    /// One event: its message and its fields as text.
    struct Line: Sendable, Equatable {
        let level: Logger.Level
        let message: String
        let fields: [String: String]
    }

    private let collected = Monitor<[Line]>([])

    /// Everything so far.
    var lines: [Line] { collected.withLock { $0 } }

    /// A logger whose lines end up here.
    func logger(at level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { _ in Handler(capture: self, logLevel: level) }
    }

    private struct Handler: LogHandler {
        let capture: LogCapture
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).mapValues(\.description)
            let line = Line(level: event.level, message: event.message.description, fields: fields)
            capture.collected.withLock { $0.append(line) }
        }
    }
}
