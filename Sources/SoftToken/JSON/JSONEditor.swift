/// Changes single values of a JSON document and leaves every other byte's meaning and order as it is.
package struct JSONEditor {
    private let path: JSONPath
    private let change: ([UInt8]) -> [UInt8]?
    private var reader: JSONReader
    private var output: [UInt8] = []
    private var count = 0

    /// Replaces the values at `path` with what `change` makes of their text; nil drops the member or element.
    ///
    /// - Returns: the document and how many values were changed; nil where the bytes are no JSON.
    package static func edit(
        _ bytes: [UInt8],
        at path: JSONPath,
        _ change: ([UInt8]) -> [UInt8]?
    ) -> (bytes: [UInt8], count: Int)? {
        withoutActuallyEscaping(change) { change in
            do throws(JSONError) {
                var editor = JSONEditor(
                    path: path,
                    change: change,
                    reader: try JSONReader(bytes.span, limit: bytes.count)
                )
                try editor.copy(following: 0, in: bytes.span)
                let end = editor.reader.position
                try editor.reader.finish(in: bytes.span)
                return (editor.output + bytes[end...], editor.count)
            } catch {
                return nil
            }
        }
    }

    private init(path: JSONPath, change: @escaping ([UInt8]) -> [UInt8]?, reader: JSONReader) {
        self.path = path
        self.change = change
        self.reader = reader
    }

    /// Copies the value that comes next; `step` of the path's steps lead here.
    private mutating func copy(following step: Int, in bytes: Span<UInt8>) throws(JSONError) {
        let kind = try reader.peek(in: bytes)
        if step == path.steps.count {
            output += try changed(in: bytes) ?? []
            return
        }
        switch (kind, path.steps[step]) {
        case (.object, .key(let name)): try copyObject(name, step, in: bytes)
        case (.array, .index), (.array, .all): try copyArray(path.steps[step], step, in: bytes)
        default: output += try text(in: bytes)
        }
    }

    private mutating func copyObject(_ name: String, _ step: Int, in bytes: Span<UInt8>) throws(JSONError) {
        output.append(0x7B)
        var object = try reader.beginObject(in: bytes)
        var isFirst = true
        while let key = try reader.nextKey(of: &object, in: bytes) {
            let isMeant = key.text(in: bytes) == name
            let mark = output.count
            if !isFirst { output.append(0x2C) }
            // With its quotes.
            for index in (key.range.lowerBound - 1)..<(key.range.upperBound + 1) { output.append(bytes[index]) }
            output.append(0x3A)
            let isKept = isMeant ? try copyMeant(step, in: bytes) : try copyOther(in: bytes)
            if isKept { isFirst = false } else { output.removeLast(output.count - mark) }
        }
        output.append(0x7D)
    }

    private mutating func copyArray(_ wanted: JSONPath.Step, _ step: Int, in bytes: Span<UInt8>) throws(JSONError) {
        output.append(0x5B)
        var array = try reader.beginArray(in: bytes)
        var number = 0
        var isFirst = true
        while try reader.nextElement(of: &array, in: bytes) {
            let mark = output.count
            if !isFirst { output.append(0x2C) }
            let isMeant = wanted == .all || wanted == .index(number)
            let isKept = isMeant ? try copyMeant(step, in: bytes) : try copyOther(in: bytes)
            if isKept { isFirst = false } else { output.removeLast(output.count - mark) }
            number += 1
        }
        output.append(0x5D)
    }

    /// Copies what the path leads through; false where it was dropped.
    private mutating func copyMeant(_ step: Int, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard step + 1 == path.steps.count else {
            try copy(following: step + 1, in: bytes)
            return true
        }
        guard let replacement = try changed(in: bytes) else { return false }
        output += replacement
        return true
    }

    private mutating func copyOther(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        output += try text(in: bytes)
        return true
    }

    private mutating func changed(in bytes: Span<UInt8>) throws(JSONError) -> [UInt8]? {
        count += 1
        return change(try text(in: bytes))
    }

    /// The text of the value that comes next.
    private mutating func text(in bytes: Span<UInt8>) throws(JSONError) -> [UInt8] {
        _ = try reader.peek(in: bytes)
        let start = reader.position
        try reader.skipValue(in: bytes)
        let range = bytes.extracting(start..<reader.position)
        return range.indices.map { range[$0] }
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

    /// Joins steps.
    package init(_ steps: [Step]) {
        self.steps = steps
    }

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
