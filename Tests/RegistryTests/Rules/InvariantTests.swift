import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Invariants {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `no sequence of requests leaves a registry that contradicts itself`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var sample = try Sample()
        sample.context.choices.highAvailability =
            RuleChoices.HighAvailability.allCases.randomElement(using: &random) ?? .listed
        for step in 0..<200 {
            try takeStep(&sample, &random)
            try check(sample.registry, "step \(step) of sequence \(seed)")
        }
    }

    private func takeStep(_ sample: inout Sample, _ random: inout SeededRandom) throws {
        let units = [sample.a, sample.b, sample.c, sample.u, sample.unknown]
        let unit = try #require(units.randomElement(using: &random))
        let list = units.filter { _ in Bool.random(using: &random) }
        sample.context.now += Int64.random(in: 0...2_000, using: &random)
        let tokens = sample.registry.tokens.keys.sorted()
        switch Int.random(in: 0..<13, using: &random) {
        case 0...1:
            let code = [sample.new, sample.pair, sample.peer].randomElement(using: &random)?.code
            _ = try sample.activate(code, by: unit, with: list)
        case 2: _ = try sample.activate(.trial, by: unit, with: list)
        case 3...6:
            let chosen = (0..<3).compactMap { _ in tokens.randomElement(using: &random) }
            let isCovered = chosen.map { isUsable($0, by: unit, list, in: sample) }
            let before = chosen.map { sample.registry.tokens[$0] }
            let ruling = sample.provision(try chosen.map { try sample.order($0) }, by: unit, with: list)
            for (index, token) in chosen.enumerated() where !isCovered[index] {
                #expect(sample.registry.tokens[token] == before[index], "an uncovered unit changed \(token)")
            }
            if !isCovered.contains(true) { #expect(ruling.changes.isEmpty) }
        case 7...8:
            let code = tokens.randomElement(using: &random).flatMap { sample.registry.tokens[$0]?.provisioning?.code }
            _ = sample.claim(code?.claim, phone: Bool.random(using: &random) ? "one" : "two")
        case 10...12:
            let operation = try OperationGenerator.operation(on: sample, &random)
            // Registration decides who is bound, not who stays so.
            if case .changeDevice = operation { return }
            let before = sample.registry.document
            if case .refused = sample.perform(operation) { #expect(sample.registry.document == before) }
        default:
            if let token = tokens.randomElement(using: &random) {
                sample.registry.tokens[token]?.isLocked.toggle()
            }
        }
    }

    // Coverage by the words of the rule, without the rule's code.
    private func isUsable(_ token: TokenSerial, by unit: Serial, _ list: [Serial], in sample: Sample) -> Bool {
        guard let number = sample.registry.tokens[token]?.license, let license = sample.registry.licenses[number],
            let owner = license.owner, sample.registry.devices[unit]?.isRegistered == true
        else { return false }
        if unit == owner || license.grace.map({ $0.unit == unit && sample.context.now < $0.until }) == true {
            return true
        }
        switch sample.context.choices.highAvailability {
        case .listed: return list.contains(owner)
        case .binding: return list.contains(owner) && license.cluster.contains(unit)
        case .primaryOnly: return false
        }
    }

    private func check(_ registry: MemoryRegistry, _ place: String) throws {
        for license in registry.licenses.values {
            #expect(registry.tokenSerials(of: license.number).count == license.size, "\(license.number), \(place)")
            #expect(license.owner.map { license.cluster.contains($0) } ?? license.cluster.isEmpty, "\(place)")
            #expect(Set(license.cluster).count == license.cluster.count, "\(place)")
            for unit in license.cluster {
                #expect(registry.devices[unit]?.isRegistered == true, "\(unit) was bound, \(place)")
            }
        }
        for token in registry.tokens.values {
            #expect(registry.licenses[token.license] != nil, "\(token.serial), \(place)")
        }
        let claims = registry.tokens.values.compactMap { $0.provisioning?.code.claim }
        #expect(Set(claims).count == claims.count, "two tokens share a claim, \(place)")
        let owners = registry.licenses.values.filter(\.number.isTrial).compactMap(\.owner)
        #expect(Set(owners).count == owners.count, "a unit has two trials, \(place)")
    }
}
