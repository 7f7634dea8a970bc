import ArgumentParser
import Notation
import Registry

/// A length of time such as `250ms`, `60s`, `1.5h` or `2d12h`.
struct DurationArgument: CustomStringConvertible {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    /// As help shows a default.
    var description: String { DurationText.format(duration) }

    /// The whole seconds of it.
    var seconds: Int { Int(duration.components.seconds) }

    /// Reads any duration.
    @Sendable static func read(_ text: String) throws -> DurationArgument {
        guard let duration = DurationText.parse(text) else {
            throw ValidationError("it is no duration: \(DurationText.fault(in: text))")
        }
        return DurationArgument(duration)
    }

    /// Reads one that the lab's clock can count.
    @Sendable static func readSeconds(_ text: String) throws -> DurationArgument {
        let read = try read(text)
        guard read.duration.components.attoseconds == 0 else {
            throw ValidationError("it is counted in whole seconds, such as 90s, 1.5h or 2d12h")
        }
        return read
    }

    /// Reads one that somebody is to wait.
    @Sendable static func readPatience(_ text: String) throws -> DurationArgument {
        let read = try read(text)
        guard read.duration <= .seconds(600) else { throw ValidationError("it is 10m at most, such as 30s or 2m") }
        return read
    }
}

/// How many: a whole number, or what it should have been.
enum Count {
    /// Reads one of `least` or more.
    static func from(_ least: Int) -> @Sendable (String) throws -> Int {
        { text in
            try wanted(
                Int(text).flatMap { $0 < least ? nil : $0 },
                "a count is a whole number of \(least) or more, such as 5"
            )
        }
    }

    /// Reads one that somebody else holds to a range.
    @Sendable static func any(_ text: String) throws -> Int { try wanted(Int(text), "it is a whole number, such as 2") }

    /// Reads the number of a connection in the journal.
    @Sendable static func ofConnection(_ text: String) throws -> UInt64 {
        try wanted(UInt64(text), "it is a connection's number as \"journal list\" shows it, such as 17")
    }

    /// Reads what a lab's chance comes from.
    @Sendable static func seed(_ text: String) throws -> Int {
        let seed = Int(text).flatMap { $0 < 0 ? nil : $0 }
        return try wanted(seed, "a seed is a whole number from 0 to \(Int.max), such as 7")
    }

    /// Reads a share of all, which somebody else holds to its range.
    @Sendable static func share(_ text: String) throws -> Double {
        try wanted(Double(text).flatMap { $0.isFinite ? $0 : nil }, "it is a number from 0 to 1, such as 0.5")
    }

    private static func wanted<Number>(_ number: Number?, _ form: String) throws -> Number {
        guard let number else { throw ValidationError(form) }
        return number
    }
}

/// One word of several.
enum Choice {
    /// Throws where an option's value is none of these, with the value and the words.
    static func check(_ value: String?, _ option: String, in words: [String]) throws {
        guard let value, !words.contains(value) else { return }
        throw ValidationError("\(option) must be \(Wording.alternatives(words)), not \"\(Visible.text(value))\"")
    }
}

/// Moments and days, as people write them.
enum TimeArgument {
    /// Reads `2027-01-01T00:00:00Z`, or a day for its first second in UTC, into the form that the API takes.
    @Sendable static func moment(_ text: String) throws -> String {
        let seconds = CalendarDay(text)?.start ?? RFC3339.seconds(text)
        guard let text = seconds.flatMap({ RFC3339.text($0) }) else {
            throw ValidationError("a moment is a day or RFC 3339, such as 2027-01-01 or 2027-01-01T12:00:00Z")
        }
        return text
    }

    /// Reads `2027-11-21`, or a moment for the day in UTC on which it falls.
    @Sendable static func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) ?? RFC3339.seconds(text).flatMap({ CalendarDay(containing: $0) }) else {
            throw ValidationError("a day is YYYY-MM-DD, such as 2027-11-21")
        }
        return day
    }
}
