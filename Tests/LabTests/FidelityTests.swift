import Foundation
import SoftToken
import Testing

/// Holds docs/fidelity.md against the marks in the code: whoever decides what no publication says must tell.
struct FidelityTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private let document: String
    private let rows: [[String]]

    init() throws {
        document = try String(contentsOf: Self.root.appending(path: "docs/fidelity.md"), encoding: .utf8)
        rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            }
    }

    /// The rows that begin with a slug, as slugs are written: lower case and hyphens.
    private var choices: [[String]] { rows.filter { $0.count == 6 } }

    @Test func `every mark in the code is in the document, once on each side`() throws {
        let marked = try Self.marks()
        let listed = choices.map { $0[0] }
        #expect(marked.count > 20, "the marks were not found")
        for (slug, files) in marked.sorted(by: { $0.key < $1.key }) {
            #expect(files.count == 1, "\(slug) is decided in one place, not in \(files)")
            #expect(listed.filter { $0 == slug }.count == 1, "\(slug) needs one row in docs/fidelity.md")
        }
        for slug in listed {
            #expect(marked[slug] != nil, "docs/fidelity.md lists \(slug), which nothing in Sources is marked with")
        }
    }

    @Test func `the document names the type that each mark stands at`() throws {
        let marked = try Self.marks()
        for row in choices {
            guard let file = marked[row[0]]?.first else { continue }
            let type = row[5].prefix { $0.isLetter || $0.isNumber }
            let source = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
            let declared = try Regex(#"\b(struct|enum|class|actor|extension)\s+\#(type)\b"#)
            #expect(source.contains(declared), "\(row[0]) is said to be decided in \(type), and is in \(file)")
        }
    }

    @Test(arguments: ServiceError.allCases)
    func `a guessed error code stands in the document with its number and text`(reason: ServiceError) {
        let entry = ErrorTable()[reason]
        let row = [reason.rawValue, "\(entry.code)", entry.text]
        #expect(rows.contains(row) == !entry.isVerified, "the table of error codes and \(row) disagree")
        if entry.isVerified {
            #expect(document.replacing("\n", with: " ").contains("\(entry.code) `\(entry.text)`"))
        }
    }

    /// Each slug in the sources, with the files that it stands in, as often as it does.
    private static func marks() throws -> [String: [String]] {
        let mark = try Regex(#"\[our choice: ([a-z0-9-]+)\]"#, as: (Substring, Substring).self)
        let sources = root.appending(path: "Sources")
        var found: [String: [String]] = [:]
        let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            for match in text.matches(of: mark) {
                found[String(match.output.1), default: []].append("Sources/\(name)")
            }
            // A mark of another form would escape the search above.
            #expect(
                text.matches(of: /\[our choice/).count == text.matches(of: mark).count,
                "a malformed mark in \(name)"
            )
        }
        return found
    }
}
