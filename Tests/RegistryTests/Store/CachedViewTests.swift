import Registry
import SoftToken
import TestKit
import Testing

@Suite struct CachedViews {
    /// The sample's registry as a store whose rows change only between two of its readings.
    private final class Source: RowSource {
        var registry: MemoryRegistry {
            didSet { isOther = true }
        }
        private(set) var reads = 0
        private(set) var isReading = false
        private var isOther = true

        init(_ registry: MemoryRegistry) {
            self.registry = registry
        }

        func enter() -> Bool {
            guard !isReading else { return false }
            (isReading, reads) = (true, reads + 1)
            defer { isOther = false }
            return isOther
        }

        func leave() { isReading = false }

        func device(_ serial: Serial) -> Device? { registry.device(serial) }
        func license(_ number: LicenseNumber) -> License? { registry.license(number) }
        func number(code: RedemptionCode) -> LicenseNumber? { registry.license(code: code)?.number }
        func trialNumber(of owner: Serial) -> LicenseNumber? { registry.trial(of: owner)?.number }
        func numbers(naming unit: Serial) -> [LicenseNumber] { registry.licenses(naming: unit) }
        func tokenTotal() -> Int { registry.tokenTotal() }
        func token(_ serial: TokenSerial) -> Token? { registry.token(serial) }
        func tokenSerials(of license: LicenseNumber) -> [TokenSerial] { registry.tokenSerials(of: license) }
        func tokenSerial(claim: UInt64) -> TokenSerial? { registry.token(claim: claim)?.serial }
        func draws(for purpose: Chance.Purpose) -> UInt64 { registry.draws(for: purpose) }
    }

    private let sample: Sample
    private let source: Source
    private let view: CachedView

    init() throws {
        sample = try Sample()
        source = Source(sample.registry)
        view = CachedView(source)
    }

    private func poll(_ tokens: [TokenSerial]) throws -> Ruling<PollingOutcome> {
        let request = PollingRequest(header: sample.header(sample.a), tokens: tokens.map { .token($0) })
        var ruling = Ruling(outcome: PollingOutcome(tokens: [], refusal: nil))
        try view.poll(request, sample.context, into: &ruling)
        return ruling
    }

    @Test func `rows are read once, absent ones too`() throws {
        let tokens = sample.tokens(sample.pair) + [TokenSerial(number: 0)]
        for _ in 0..<3 {
            #expect(try poll(tokens) == sample.poll(tokens, by: sample.a))
            #expect(source.reads == 1)
            #expect(!source.isReading)
        }
        view.clear()
        #expect(try poll(tokens) == sample.poll(tokens, by: sample.a))
        #expect(source.reads == 2)
    }

    @Test func `a ruling that mixed two states is made again from one`() throws {
        let tokens = sample.tokens(sample.pair)
        _ = try poll([tokens[0]])
        source.registry.devices[sample.a]?.isRegistered = false
        // The unit's row is kept from before, and the second token's is read from the state in which it is gone.
        #expect(try poll(tokens).outcome.refusal == .productNotRegistered)
        #expect(source.reads == 2)
    }

    @Test func `a change is seen without reading it`() throws {
        let tokens = sample.tokens(sample.pair)
        _ = try poll(tokens)
        view.note(.updateToken(Token(serial: tokens[0], license: sample.pair.number, isLocked: true)))
        #expect(try poll(tokens).outcome.states == [.locked, .available])
        #expect(source.reads == 1)
    }

    @Test func `what every rule decides is what it decides over dictionaries`() throws {
        let code = try #require(sample.new.code)
        let activation = ActivationLicenseRequest(header: sample.header(sample.c), code: code)
        #expect(
            try view.decide(.activation(activation), sample.context).outcome
                == .activation(Rules(sample.registry, sample.context).activate(activation).outcome)
        )
        let order = ProvisionRequest(
            header: sample.header(sample.a),
            tokens: [try sample.order(sample.tokens(sample.pair)[0])]
        )
        let provision = Rules(sample.registry, sample.context).provision(order)
        let ruling = try view.decide(.provision(order), sample.context)
        #expect(ruling.outcome == .provision(provision.outcome))
        #expect((ruling.peers, ruling.changes) == (provision.peers, provision.changes))
        let claim = MobileProvisionRequest(mobileID: "phone", claim: 7, registrationID: nil, osVersion: nil)
        #expect(
            try view.decide(.mobile(claim), sample.context).outcome
                == .mobile(Rules(sample.registry, sample.context).claim(claim).outcome)
        )
        let operation = RegistryOperation.lock(sample.tokens(sample.pair)[0])
        #expect(try view.perform(operation, sample.context) == sample.ruling(operation))
        #expect(try view.licenses(of: .activation(activation)) == [sample.new.number])
    }
}
