import Documents
import Faults
import Notation
import Testing

@testable import Admin

/// What a refusal repeats of what it refuses: a code in a wrong place stood in `detail`, `reason` and `errors[]`.
@Suite struct ProblemTests {
    @Test(arguments: [
        "0F1E-2D3C-4B5A-6978-8796", "3132333435363738393031323334353637383930", "EEHE4X5Y2ABCDEFG",
        "x0F1E2D3C4B5A69788796",
    ])
    func `no member holds a secret`(secret: String) throws {
        var problem = Problem(DocumentError(path: "licenses[0].\(secret)", line: 3, reason: "it is no \"\(secret)\""))
        problem.members.append(.init("suggestions", .array([.string(secret)])))
        for problem in [problem, .notFound("no license \(quoted(secret))"), .invalid(secret, at: secret)] {
            let text = String(decoding: AdminAnswer(problem).body, as: UTF8.self)
            #expect(!text.contains(secret.drop { $0 == "x" }) && text.contains("***"), "\(text)")
            _ = try DocumentNode.read(Array(text.utf8), as: .json)
        }
    }

    @Test func `a secret that is too long to be repeated is not repeated in part`() {
        let text = quoted(String(repeating: "-", count: 30) + "0F1E-2D3C-4B5A-6978-8796")
        #expect(!text.contains("0F1E"), "\(text)")
    }
}
