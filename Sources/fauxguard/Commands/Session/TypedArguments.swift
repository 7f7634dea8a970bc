import ArgumentParser
import Faults
import Registry

/// A length of time such as `250ms`, `60s`, `1h` or `2d`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration
    let defaultValueDescription: String

    init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.init(duration)
    }

    init(_ duration: Duration) {
        self.duration = duration
        defaultValueDescription = DurationText.format(duration)
    }

    /// The whole seconds; nil where it is none of them.
    var wholeSeconds: Int64? {
        let (seconds, attoseconds) = duration.components
        return attoseconds == 0 ? seconds : nil
    }
}

/// A moment: `2027-01-01T00:00:00Z`, or a day for its first second in UTC.
struct MomentArgument: ExpressibleByArgument {
    /// As RFC 3339 writes it, in UTC.
    let text: String

    init?(argument: String) {
        let seconds = CalendarDay(argument)?.start ?? RFC3339.seconds(argument)
        guard let text = seconds.flatMap({ RFC3339.text($0) }) else { return nil }
        self.text = text
    }
}

/// A day: `2027-11-21`, or a moment for the day in UTC on which it falls.
struct DayArgument: ExpressibleByArgument {
    let day: CalendarDay

    init?(argument: String) {
        guard let day = CalendarDay(argument) ?? RFC3339.seconds(argument).flatMap({ CalendarDay(containing: $0) })
        else { return nil }
        self.day = day
    }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func members(_ pairs: [(String, JSONValue?)]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, value) in pairs { members[name] = value }
        return .object(members)
    }
}
