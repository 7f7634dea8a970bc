import Notation
import Testing

@testable import Admin

@Suite struct JSONTextErrorTests {
    // The last of two members of a name was taken in silence.
    @Test(
        arguments: [
            (#"{"size":1,"size":2}"#, #"the member "size" stands twice in an object (line 1, column 11)"#),
            ("{\n \"a\": 1,\n \"\\u0061\": 1}", #"the member "a" stands twice in an object (line 3, column 2)"#),
            (
                #"{"where":{"ä":1,"b":[{"ä":1,"ä":2}]}}"#,
                #"the member "ä" stands twice in an object (line 1, column 29)"#
            ),
        ]
    )
    func `a member that stands twice is refused by its name and place`(text: String, said: String) {
        let error = #expect(throws: JSONTextError.self) { try JSONTextError.value(of: Array(text.utf8)) }
        #expect(error?.description == said)
    }

    @Test func `a byte order mark before the text is skipped, and one within is none`() throws {
        #expect(try JSONTextError.value(of: [0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .object([]))
        #expect(throws: JSONTextError.self) { try JSONTextError.value(of: Array("{\u{FEFF}}".utf8)) }
    }
}
