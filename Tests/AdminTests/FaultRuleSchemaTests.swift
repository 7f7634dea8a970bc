import Documents
import Faults
import Notation
import Registry
import Testing

@testable import Admin

@Suite struct FaultRuleSchemaTests {
    private static func forms(_ format: DocumentFormat) -> [JSONValue] {
        guard case .array(let forms) = FaultRuleSchema.rule(in: format)["anyOf"] else { return [] }
        return forms
    }

    private func names(_ format: DocumentFormat) -> Set<String> {
        Set(
            Self.forms(format)
                .compactMap { form in
                    guard case .string(let name) = form["properties"]["do"]["const"] else { return nil }
                    return name
                }
        )
    }

    @Test(arguments: [DocumentFormat.json, .yaml])
    func `every effect has a form, and every form an effect`(format: DocumentFormat) {
        #expect(names(format) == Set(Catalogue.effects.map(\.name)))
    }

    // A rule was described by one loose object: 14 operations refused what the document allowed, this one most of it.
    @Test func `a form has every parameter of its effect, and asks for those that must be given`() throws {
        for form in Self.forms(.json) {
            guard case .string(let name) = form["properties"]["do"]["const"],
                let entry = Catalogue.effect(name)
            else { throw Missing() }
            let with = form["properties"]["with"]
            let arguments = with["properties"] == .null ? with["anyOf"].items.first?["properties"] : with["properties"]
            guard case .object(let members) = arguments else { throw Missing() }
            #expect(members.map(\.name) == entry.parameters.map(\.name), "\(name)")
            let needed = entry.parameters.filter { $0.standard == nil }.map(\.name)
            #expect(needed.isEmpty || form["required"] == ["do", "with"], "\(name)")
        }
    }

    @Test func `what nobody can know by then is no condition`() {
        func keys(_ name: String) -> [String] {
            FaultRuleSchema.conditions(in: .json)[name]["properties"].members.map(\.name)
        }
        #expect(keys("FaultConditionsAtListener") == ["listener"])
        #expect(keys("FaultConditionsAtAccept") == ["listener", "client", "serial", "license", "token"])
        #expect(keys("FaultConditionsAtHello").contains("sni") && !keys("FaultConditionsAtHello").contains("path"))
        #expect(keys("FaultConditionsAtRequest") == RuleKey.allCases.map(\.rawValue))
    }

    private struct Missing: Error {}
}
