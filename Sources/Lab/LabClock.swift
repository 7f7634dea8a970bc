import FoundationEssentials
import Synchronization

/// The time by which one lab's rules judge: valid-until days, code expiry, grace, journal stamps.
///
/// It runs beside the host's clock, at a distance that an operator sets, or stands still. Deadlines of sockets never
/// read it. Any thread may read and set it.
package final class LabClock: Sendable {
    /// Whether time passes.
    package enum Mode: String, Sendable, CaseIterable {
        /// It passes as the host's does.
        case running
        /// It stands still.
        case frozen
    }

    /// Which clock the certificates that the lab's listeners present are good by.
    package enum Certificates: String, Sendable, CaseIterable {
        /// The host's, which clients go by.
        case host
        /// The lab's own.
        case lab
    }

    /// All that can be set, as it is kept with the lab.
    package struct Setting: Sendable, Equatable {
        /// Whether time passes.
        package var mode: Mode
        /// Seconds since 1970 where it is frozen, else how far it is ahead of the host's clock.
        package var seconds: Int64

        /// The host's own time.
        package static let host = Setting(mode: .running, seconds: 0)

        /// Joins both.
        package init(mode: Mode, seconds: Int64) {
            self.mode = mode
            self.seconds = seconds
        }

        /// Reads what ``text`` wrote, or returns nil.
        package init?(_ text: String) {
            let words = text.split(separator: " ")
            guard words.count == 2, let mode = Mode(rawValue: String(words[0])), let seconds = Int64(words[1]) else {
                return nil
            }
            self.init(mode: mode, seconds: seconds)
        }

        /// The setting as one line.
        package var text: String { "\(mode.rawValue) \(seconds)" }
    }

    /// The moments that a lab's clock may show: years 1970 to 9998, since a registry's times have four digits and a
    /// week's expiry must fit behind it.
    package static let range: ClosedRange<Int64> = 0...253_370_764_799

    private let host: @Sendable () -> Int64
    /// The setting in one word, so that a reader needs no lock: twice the seconds, and 1 where it is frozen.
    private let word = Atomic(LabClock.pack(.host))
    private let followsLab = Atomic(false)

    /// A clock over one that reads seconds since 1970 on any thread; the host's unless a test brings its own.
    package init(over host: @escaping @Sendable () -> Int64 = { LabClock.hostNow }) {
        self.host = host
    }

    /// Seconds since 1970 by the host's clock.
    package static var hostNow: Int64 { Int64(Date.now.timeIntervalSince1970.rounded(.down)) }

    /// Seconds since 1970.
    package var now: Int64 {
        let word = word.load(ordering: .relaxed)
        return word & 1 == 1 ? word >> 1 : min(host() + (word >> 1), Self.range.upperBound)
    }

    /// The setting in force.
    package var setting: Setting {
        let word = word.load(ordering: .relaxed)
        return Setting(mode: word & 1 == 1 ? .frozen : .running, seconds: word >> 1)
    }

    /// Which clock the certificates are good by.
    package var certificates: Certificates { followsLab.load(ordering: .relaxed) ? .lab : .host }

    /// The setting by which the clock would show `now`, running or frozen.
    package func setting(_ mode: Mode, showing now: Int64) -> Setting {
        Setting(mode: mode, seconds: mode == .frozen ? now : now - host())
    }

    /// Puts a setting in force.
    package func set(_ setting: Setting) {
        word.store(Self.pack(setting), ordering: .relaxed)
    }

    /// Says which clock the certificates are good by.
    package func set(_ certificates: Certificates) {
        followsLab.store(certificates == .lab, ordering: .relaxed)
    }

    private static func pack(_ setting: Setting) -> Int64 {
        setting.seconds << 1 | (setting.mode == .frozen ? 1 : 0)
    }
}
