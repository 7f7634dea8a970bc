import HTTP
import Notation
import Registry

/// What can be done with a license, as a person wants to know it at a glance.
enum LicenseState: String {
    /// Its code can be redeemed.
    case available
    /// It is a unit's.
    case active
    /// Its code was not redeemed in time.
    case expired
    case revoked
    /// A trial that its unit must import again.
    case stale

    /// The state of a license as the API shows it, on this day of the lab's.
    init(of license: JSONValue, on today: CalendarDay?) {
        let lastDay = license["validUntil"].string.flatMap { CalendarDay($0) }
        if license["revoked"] == .flag(true) {
            self = .revoked
        } else if license["stale"] == .flag(true) {
            self = .stale
        } else if license["owner"] != .null {
            self = .active
        } else if let today, let lastDay, lastDay.start < today.start {
            self = .expired
        } else {
            self = .available
        }
    }

    /// How it stands out in a table.
    var style: Terminal.Style? {
        switch self {
        case .available: nil
        case .active: .good
        case .expired, .revoked, .stale: .bad
        }
    }

    /// The state with the last day that matters to it, where no column of its own has room for that.
    func sentence(until lastDay: JSONValue) -> String {
        guard let lastDay = lastDay.string else { return rawValue }
        switch self {
        case .available: return "\(rawValue) until \(lastDay)"
        case .expired: return "\(rawValue) after \(lastDay)"
        case .active, .revoked, .stale: return rawValue
        }
    }

    /// A column of the states on a day, said so; a license that is bound to its unit says that too.
    static func column(on today: CalendarDay?, saying words: @escaping (LicenseState, JSONValue) -> String)
        -> Table.Column
    {
        Table.Column("STATE") { license in
            let isBound = license["transferable"] == .flag(false)
            return words(LicenseState(of: license, on: today), license["validUntil"])
                + (isBound ? ", not transferable" : "")
        }
        .broken
        .styled { text in LicenseState(rawValue: String(text.prefix { $0 != "," && $0 != " " }))?.style }
    }

    /// The lab's day, where one of the licenses makes it matter; nil otherwise.
    static func today(for licenses: [JSONValue], _ session: AdminSession) throws(CommandFailure) -> CalendarDay? {
        guard licenses.contains(where: { $0["owner"] == .null && $0["validUntil"] != .null }) else { return nil }
        let now = try session.ask(.get, session.path("clock")).json["now"].string
        return now.flatMap { RFC3339.seconds($0) }.flatMap { CalendarDay(containing: $0) }
    }
}
