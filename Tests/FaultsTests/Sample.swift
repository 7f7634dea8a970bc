import IO
import Notation

@testable import Faults

/// Rules as they are written, and connections that they see.
enum Sample {
    static let unit = "FGT60FTK20000001"
    static let other = "FG100FTK20009876"
    static let license = "EFTM000000000001"
    static let token = "FTKMOB947FDC1754"
    static let home = SocketAddress.Host.v4(0x7F00_0001)
    static let away = SocketAddress.Host.v4(0x0A01_0203)

    /// A connection of which everything is known.
    static func facts(from client: SocketAddress.Host = home, _ exchange: ExchangeFacts? = exchange()) -> Facts {
        var facts = Facts(listener: "main", client: client)
        facts.serverName = "globalftm.fortinet.net"
        facts.ja4 = "t13d1516h2_8daaf6152771_e5627efa2ab1"
        facts.exchange = exchange
        return facts
    }

    static func exchange(
        by serial: String? = unit,
        licenses: [String] = [license],
        tokens: [String] = [token],
        message: String? = "PollingRequest"
    ) -> ExchangeFacts {
        var exchange = ExchangeFacts(path: "/SoftToken/Provisioning.asmx/Process")
        exchange.message = message
        exchange.serial = serial
        exchange.licenses = licenses
        exchange.tokens = tokens
        return exchange
    }

    /// A book that holds these rules.
    static func book(seed: UInt64 = 1, _ rules: JSONValue...) throws -> RuleBook {
        var book = RuleBook(seed: seed)
        for rule in rules { _ = try book.add(try Rule(rule), now: 0) }
        return book
    }
}

extension RuleBook {
    /// The names of the rules that act.
    mutating func acting(at stage: Stage, _ facts: Facts = Sample.facts(), now: Int64 = 0) -> [String] {
        plan(at: stage, facts, now: now)?.acted.map(\.rule) ?? []
    }

    /// The plan, where there is one.
    mutating func decide(at stage: Stage, _ facts: Facts = Sample.facts()) throws -> Plan {
        guard let plan = plan(at: stage, facts, now: 0) else { throw NoPlan() }
        return plan
    }

    private struct NoPlan: Error {}

    /// The state of the rule of this name.
    func state(_ name: String) -> RuleState? { rules.first { $0.rule.name == name } }
}
