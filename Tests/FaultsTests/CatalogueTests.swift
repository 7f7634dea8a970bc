import Notation
import Testing

@testable import Faults

/// The catalogue says everything of every effect, and rules can be made of what it says.
@Suite struct CatalogueTests {
    @Test func `names are unique, and each finds its effect`() {
        let names = Catalogue.effects.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 38)
        for name in names {
            #expect(Catalogue.effect(name)?.name == name)
            #expect(["tcp", "tls", "http", "service"].contains(name.prefix { $0 != "." }), "\(name)")
        }
        #expect(Catalogue.effect("tcp") == nil)
    }

    @Test(arguments: Catalogue.effects.map(\.name))
    func `each effect says what it does, what is seen of it, and what is right`(name: String) throws {
        let entry = try #require(Catalogue.effect(name))
        #expect(!entry.stages.isEmpty)
        #expect(entry.stages == entry.stages.sorted() && Set(entry.stages).count == entry.stages.count)
        #expect(entry.summary.first?.isUppercase == true && entry.summary.hasSuffix("."), "\(entry.summary)")
        // It goes behind "A correct client".
        #expect(entry.expected.first?.isLowercase == true && !entry.expected.hasSuffix("."), "\(entry.expected)")
        #expect(!entry.observed.isEmpty)
        let versions = ["TLSv1.2", "TLSv1.3"]
        for sighting in entry.observed {
            #expect(["curl", "openssl s_client", "python ssl"].contains(sighting.client))
            #expect(!sighting.report.isEmpty)
            #expect(sighting.version.map { versions.contains($0) } ?? true)
        }
    }

    @Test(arguments: Catalogue.effects.map(\.name))
    func `each parameter has a name of its own and says what it means`(name: String) throws {
        let parameters = try #require(Catalogue.effect(name)?.parameters)
        #expect(Set(parameters.map(\.name)).count == parameters.count)
        for parameter in parameters {
            #expect(!parameter.summary.isEmpty && !parameter.summary.hasSuffix("."), "\(parameter.name)")
            #expect(parameter.standard?.isEmpty != true, "\(parameter.name)")
            if case .choice(let words) = parameter.kind { #expect(Set(words).count == words.count && words.count > 1) }
        }
    }

    /// A value that a parameter takes.
    private func value(_ parameter: Parameter) -> JSONValue {
        switch parameter.kind {
        case .duration: "1s"
        case .integer(let range, _):
            .integer(parameter.name == "code" ? max(range.lowerBound, 307) : max(range.lowerBound, 7))
        case .number(let range): JSONValue(range.upperBound)
        case .text: parameter.name == "serial" ? "FGVM00TEST000001" : "text"
        case .choice(let words): .string(words[0])
        case .names: parameter.name == "list" ? ["TLS_AES_128_GCM_SHA256"] : ["name"]
        case .texts: ["X-Lab": "1"]
        }
    }

    @Test(arguments: Catalogue.effects.map(\.name))
    func `a rule with all that an effect needs is taken`(name: String) throws {
        let entry = try #require(Catalogue.effect(name))
        var needed = entry.parameters.filter { $0.standard == nil }
        // The one effect that needs either of two.
        if name == "tls.version" { needed = entry.parameters.filter { $0.name == "max" } }
        let rule = try Rule([
            "do": .string(name), "with": .object(needed.map { .init($0.name, value($0)) }),
        ])
        // What happens to a handshake's records has to be known before the first of them is made.
        let isAskedBefore = rule.stage == .hello && entry.stages.contains(.handshake)
        #expect(entry.stages.contains(rule.stage) || isAskedBefore)
    }

    @Test(arguments: Catalogue.effects.map(\.name))
    func `a parameter of the wrong kind is refused by name`(name: String) throws {
        let entry = try #require(Catalogue.effect(name))
        for parameter in entry.parameters {
            let defect = #expect(throws: RuleDefect.self) {
                try Rule(["do": .string(name), "with": .object([.init(parameter.name, true)])])
            }
            #expect(defect?.path == "with.\(parameter.name)", "\(defect.debugDescription)")
        }
    }

    @Test func `a rule that ends is followed by no other at its stage`() throws {
        for entry in Catalogue.effects
        where entry.ends && entry.stages.contains(.request) && entry.name.hasPrefix("http") {
            let needed = entry.parameters.filter { $0.standard == nil }
            var book = try Sample.book(
                ["do": .string(entry.name), "with": .object(needed.map { .init($0.name, value($0)) }), "name": "a"],
                ["do": "service.partial", "name": "b"]
            )
            #expect(book.acting(at: .request) == ["a"], "\(entry.name)")
        }
    }
}
