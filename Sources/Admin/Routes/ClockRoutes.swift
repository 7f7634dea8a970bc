import HTTP
import Lab
import Notation
import Registry
import Server

/// A lab's clock: looked at, set, advanced.
enum ClockRoutes {
    /// The most that one call advances the clock, in seconds: a century.
    static let longestAdvance = 3_155_760_000

    static func show(_ call: AdminCall) async throws -> AdminAnswer { .json(resource(try call.lab())) }

    static func set(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["mode", "now", "certificates"])
        guard !body.isEmpty else { throw Problem.invalid("give mode, now or certificates") }
        let mode = try body.text("mode", "running or frozen") { LabClock.Mode(rawValue: $0) }
        let now = try body.text("now", "a time such as 2027-11-21T08:00:00Z, from 1970 to 9998") {
            RFC3339.seconds($0).flatMap { LabClock.range.contains($0) ? $0 : nil }
        }
        let certificates = try body.text("certificates", "host or lab") { LabClock.Certificates(rawValue: $0) }
        return try await change(call) { clock in
            let mode = mode ?? clock.setting.mode
            let isKept = now == nil && mode == clock.setting.mode
            return (
                isKept ? clock.setting : clock.setting(mode, showing: now ?? clock.now),
                certificates ?? clock.certificates
            )
        }
    }

    static func advance(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["seconds"])
        guard let seconds = try body.integer("seconds", in: 0...longestAdvance) else {
            throw Problem.invalid("seconds is missing; it must be a whole number, such as 3600", at: "seconds")
        }
        return try await change(call) { clock throws(Problem) in
            guard LabClock.range.contains(clock.now + Int64(seconds)) else {
                throw .conflict("the clock would go past the year 9998")
            }
            var setting = clock.setting
            setting.seconds += Int64(seconds)
            return (setting, clock.certificates)
        }
    }

    /// Makes a change that depends on what the clock shows, alone.
    private static func change(
        _ call: AdminCall,
        _ decide: (LabClock) throws(Problem) -> (LabClock.Setting, LabClock.Certificates)
    ) async throws -> AdminAnswer {
        let installation = call.installation
        return try await call.alone { lab in
            let (setting, certificates) = try decide(lab.clock)
            let now = setting.mode == .frozen ? setting.seconds : LabClock.hostNow + setting.seconds
            // Made first, so that a time that no certificate can cover is refused with nothing changed.
            let identity = certificates == .lab ? try await installation.certificates.identity(at: now) : nil
            try await lab.setClock(to: setting, certificates: certificates)
            if let identity {
                try await installation.certificates.present(identity, to: lab)
            } else {
                await installation.certificates.forget(lab)
            }
            // What rules present is to be good or bad by the clock as it is now, and a port's time may be over.
            await installation.certificates.followProfiles(of: lab)
            await installation.plane.followRefusals(of: lab)
            return .json(resource(lab))
        }
    }

    /// A clock as the API shows it.
    static func resource(_ lab: Lab) -> JSONValue {
        [
            "mode": .string(lab.clock.setting.mode.rawValue),
            "now": .string(RFC3339.text(lab.clock.now) ?? ""),
            "certificates": .string(lab.clock.certificates.rawValue),
        ]
    }
}

extension RouteTable {
    static let clock: [Route] = [
        Route(
            "GET",
            "/api/v1/labs/{lab}/clock",
            Operation(
                id: "getClock",
                tag: "clock",
                summary: "Show a lab's clock.",
                answers: [.ok("Clock")],
                problems: [.notFound]
            ),
            ClockRoutes.show
        ),
        Route(
            "PUT",
            "/api/v1/labs/{lab}/clock",
            Operation(
                id: "setClock",
                tag: "clock",
                summary: "Freeze, run or move a lab's clock, or let its certificates follow it.",
                body: .init(schema: "ClockChange"),
                answers: [.ok("Clock")],
                problems: [.notFound, .unprocessableContent]
            ),
            ClockRoutes.set
        ),
        Route(
            "POST",
            "/api/v1/labs/{lab}/clock/advance",
            Operation(
                id: "advanceClock",
                tag: "clock",
                summary: "Move a lab's clock forward.",
                body: .init(schema: "ClockAdvance"),
                answers: [.ok("Clock")],
                problems: [.notFound, .conflict, .unprocessableContent]
            ),
            ClockRoutes.advance
        ),
    ]
}
