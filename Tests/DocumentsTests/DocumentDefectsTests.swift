import Documents
import Testing

@Suite("What is wrong with a document") struct DocumentDefectsTests {
    @Test func `everything is told at once, by its line, up to the bound`() throws {
        let defects = DocumentDefects()
        for line in (1...25).reversed() {
            let _: Int? = defects.collect { () throws(DocumentError) in
                throw DocumentError(path: "a[\(line)]", line: line, reason: "is wrong")
            }
        }
        let error = try #require(defects.error)
        #expect(error.all.count == DocumentError.limit)
        #expect(error.all.first?.line == 6)
        #expect(error.untold == 5)
        #expect(error.description.hasPrefix("a[6] (line 6): is wrong\na[7] (line 7): is wrong\n"))
        #expect(error.description.hasSuffix("\nand 5 more"))
        #expect(error.within("top").all[1].path == "top.a[7]")
        #expect(throws: DocumentError.self) { try defects.check() }
        #expect(throws: Never.self) { try DocumentDefects().check() }
    }

    @Test func `a value is repeated so that a terminal stays as it is`() {
        #expect(DocumentNode(.scalar("a\u{1B}[2J\nb", isPlain: true), line: 1).echo == "\"a?[2J?b\"")
        #expect(DocumentNode(.scalar(String(repeating: "x", count: 100), isPlain: true), line: 1).echo.count == 51)
        #expect(DocumentNode(.list([]), line: nil).echo == "a list")
        #expect(DocumentNode(.scalar("~", isPlain: true), line: nil).echo == "null")
    }
}
