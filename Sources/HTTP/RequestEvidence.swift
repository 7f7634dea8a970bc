/// What stands in bytes that did not become a request: a method, a path, a head and what came behind it.
///
/// It is for whoever tells of them and decides nothing: where the reader refused, it finds what a person would.
package struct RequestEvidence: Equatable, Sendable {
    /// The method's token, whatever it is; nil where the bytes begin with none.
    package private(set) var method: Range<Int>?
    /// The target's path, or what stands in its place; nil where there is none.
    package private(set) var path: Range<Int>?
    /// Everything up to the empty line that ends the head, and with it; all there is where none came.
    package private(set) var head: Range<Int>

    /// The longest token that is taken for a method.
    private static let longestMethod = 32

    /// Looks through everything that came, from the request's first byte on.
    package init(_ bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count, bytes[start] == .carriageReturn || bytes[start] == .lineFeed { start += 1 }
        head = 0..<bytes.count
        let end = bytes.firstPosition(of: .lineFeed, in: start..<bytes.count)
        readLine(start..<end, in: bytes)
        var lineStart = min(end + 1, bytes.count)
        while lineStart < bytes.count {
            let lineEnd = bytes.firstPosition(of: .lineFeed, in: lineStart..<bytes.count)
            guard lineEnd < bytes.count else { return }
            let isEmpty = lineEnd == lineStart || (lineEnd == lineStart + 1 && bytes[lineStart] == .carriageReturn)
            if isEmpty {
                head = 0..<lineEnd + 1
                return
            }
            lineStart = lineEnd + 1
        }
    }

    private mutating func readLine(_ line: Range<Int>, in bytes: Span<UInt8>) {
        let methodEnd = bytes.firstPosition(of: .space, in: line)
        guard !line.isEmpty, methodEnd < line.upperBound, methodEnd - line.lowerBound <= Self.longestMethod else {
            return
        }
        for position in line.lowerBound..<methodEnd where !bytes[position].isTokenCharacter { return }
        guard methodEnd > line.lowerBound else { return }
        method = line.lowerBound..<methodEnd
        var start = methodEnd
        while start < line.upperBound, bytes[start] == .space { start += 1 }
        var end = start
        while end < line.upperBound, !" ?#\r".utf8.contains(bytes[end]) { end += 1 }
        for scheme in ["http://", "https://"] {
            let length = scheme.utf8.count
            guard end - start >= length, bytes.equalsIgnoringCase(scheme, at: start..<start + length) else { continue }
            // An absolute target's path follows its authority.
            start = bytes.firstPosition(of: UInt8(ascii: "/"), in: start + length..<end)
            break
        }
        if start < end { path = start..<end }
    }
}
