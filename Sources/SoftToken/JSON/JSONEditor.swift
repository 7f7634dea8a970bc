/// Changes single values of a JSON document and leaves every other byte's meaning and order as it is.
package struct JSONEditor {
    /// What becomes of a value's text; nil drops the member or element.
    package typealias Change = ([UInt8]) -> [UInt8]?

    private var reader: JSONReader
    private var count = 0

    /// Replaces the values at `path` with what `change` makes of them.
    ///
    /// - Returns: the document and how many values were changed; nil where the bytes are no JSON.
    package static func edit(_ bytes: [UInt8], at path: JSONPath, _ change: Change) -> (bytes: [UInt8], count: Int)? {
        do throws(JSONError) {
            var editor = JSONEditor(reader: try JSONReader(bytes.span, limit: bytes.count))
            let edited = try editor.edited(at: path.steps[...], in: bytes.span, change) ?? []
            let end = editor.reader.position
            try editor.reader.finish(in: bytes.span)
            return (edited + bytes[end...], editor.count)
        } catch {
            return nil
        }
    }

    /// The value that comes next, changed where these steps lead; as it is where there are none.
    private mutating func edited(
        at steps: ArraySlice<JSONPath.Step>?,
        in bytes: Span<UInt8>,
        _ change: Change
    ) throws(JSONError) -> [UInt8]? {
        let kind = try reader.peek(in: bytes)
        guard let steps, let step = steps.first else {
            let text = try text(in: bytes)
            if steps == nil { return text }
            count += 1
            return change(text)
        }
        var parts: [[UInt8]] = []
        switch (kind, step) {
        case (.object, .key(let name)):
            var object = try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(of: &object, in: bytes) {
                let quoted = ((key.range.lowerBound - 1)...key.range.upperBound).map { bytes[$0] }
                let further = key.equals(name, in: bytes) ? steps.dropFirst() : nil
                if let value = try edited(at: further, in: bytes, change) { parts.append(quoted + [0x3A] + value) }
            }
            return [0x7B] + parts.joined(separator: [0x2C]) + [0x7D]
        case (.array, .index), (.array, .all):
            var array = try reader.beginArray(in: bytes)
            var number = 0
            while try reader.nextElement(of: &array, in: bytes) {
                let further = step == .all || step == .index(number) ? steps.dropFirst() : nil
                if let value = try edited(at: further, in: bytes, change) { parts.append(value) }
                number += 1
            }
            return [0x5B] + parts.joined(separator: [0x2C]) + [0x5D]
        default: return try text(in: bytes)
        }
    }

    /// The text of the value that comes next, before which nothing is left to pass over.
    private mutating func text(in bytes: Span<UInt8>) throws(JSONError) -> [UInt8] {
        let start = reader.position
        try reader.skipValue(in: bytes)
        return (start..<reader.position).map { bytes[$0] }
    }
}

/// The way to values in a document: `d.tokens[0].seed`, `tokens[*].license`.
package struct JSONPath: Sendable, Hashable {
    /// One step of the way.
    package enum Step: Sendable, Hashable {
        /// Into an object's member of this name.
        case key(String)
        /// Into an array's element of this number, counted from 0.
        case index(Int)
        /// Into each element of an array.
        case all
    }

    /// The steps from the document's top.
    package let steps: [Step]

    /// Reads a path, or returns nil where the text is none.
    package init?(_ text: String) {
        var steps: [Step] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty else { return nil }
            steps.append(.key(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]") else { return nil }
                let number = piece.dropLast()
                if number == "*" {
                    steps.append(.all)
                } else {
                    guard let index = Int(number), index >= 0, number.allSatisfy(\.isNumber) else { return nil }
                    steps.append(.index(index))
                }
            }
        }
        self.steps = steps
    }
}
