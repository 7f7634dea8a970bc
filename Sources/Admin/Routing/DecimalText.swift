/// Whole numbers in a query, as the OpenAPI document has them: decimal digits and nothing else, no sign among them.
enum DecimalText {
    /// Reads a number from 0 on, or returns nil where the text is none.
    static func integer(_ text: String) -> Int? { areDigits(text) ? Int(text) : nil }

    /// Reads an entry's number, or returns nil where the text is none.
    static func entry(_ text: String) -> UInt64? { areDigits(text) ? UInt64(text) : nil }

    private static func areDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
