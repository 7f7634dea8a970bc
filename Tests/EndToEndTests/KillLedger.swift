import TestKit

/// What one unit and its phone were answered, and so what a server must know however often it was killed.
struct KillLedger: Sendable {
    /// A license's way.
    enum Redemption: Sendable, Equatable {
        case untouched
        /// The request was under way when the server was killed: both outcomes are right.
        case unanswered
        case answered([String])
    }

    /// One license of the unit's.
    struct License: Sendable {
        let code: String
        let size: Int
        var redemption = Redemption.untouched
    }

    /// A code that was answered, and the seed that it stands for.
    struct Issue: Sendable, Equatable {
        let code: String
        let seed: String
    }

    /// A token's way.
    enum State: Sendable, Equatable {
        case available
        case pending(Issue)
        /// Provisioned without an answer: its code is not known.
        case pendingUnknown
        case provisioned(Issue)

        /// How a poll names it.
        var name: String {
            switch self {
            case .available: "available"
            case .pending, .pendingUnknown: "pending"
            case .provisioned: "provisioned"
            }
        }
    }

    /// What was sent and not answered.
    enum Unanswered: Sendable {
        case provision([String])
        case claim(String, Issue)
    }

    /// The unit's serial.
    let serial: String
    /// The phone's identifier.
    let phone: String
    /// The unit's licenses, in the order in which they are redeemed.
    var licenses: [License]
    /// The tokens of redeemed licenses.
    var tokens: [String: State] = [:]
    /// Codes that a later one has replaced.
    var retired: [String] = []
    /// What the last kill left open.
    var unanswered: Unanswered?
    /// How many requests were answered.
    var answered = 0

    /// The ledger of the unit with this number, and `licenses` to redeem.
    init(unit: Int, licenses count: Int) {
        serial = "FGT60FTK2100\(Self.digits(unit, 4))"
        phone = "00000000000C\(Self.digits(unit, 4))"
        licenses = (0..<count)
            .map { index in
                License(code: "C0DE-\(Self.digits(unit, 4))-0000-0000-\(Self.digits(index, 4))", size: 1 + index % 5)
            }
    }

    /// A registry document with the units and licenses of all `ledgers`, and with what the operators begin with.
    static func document(_ ledgers: [KillLedger], _ operators: [KillOperator] = []) -> String {
        let more = KillOperator.document(operators)
        var lines = ["devices:"] + more.devices
        lines += ledgers.map { "  - { serial: \($0.serial), registered: true }" }
        lines += ["licenses:"] + more.licenses
        for (unit, ledger) in ledgers.enumerated() {
            for (index, license) in ledger.licenses.enumerated() {
                let number = "EFTM\(digits(unit, 6))\(digits(index, 6))"
                lines.append(
                    "  - { number: \(number), code: \(license.code), size: \(license.size), validUntil: 2999-12-31 }"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

/// Something that no kill may lead to.
struct KillViolation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
