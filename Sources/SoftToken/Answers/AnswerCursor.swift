import Notation

/// A place in the room that was made for a part of an answer; each call writes there and moves it on.
///
/// Like the reader it holds no bytes, and is handed the room at each call. Most of an answer is names and punctuation:
/// literals, written a word at a time. The last word of a text may reach beyond it, and what follows is written over
/// that; so every room has one word more than its texts need.
struct AnswerCursor {
    /// How much was written.
    private(set) var position = 0

    /// Writes a stretch of JSON that never changes.
    ///
    /// Inlined, so that the optimizer sees the literal and stores constants.
    @inline(__always)
    mutating func write(_ literal: StaticString, in room: inout MutableRawSpan) {
        let bytes = unsafe Span<UInt8>(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount)
        copy(bytes, count: literal.utf8CodeUnitCount, in: &room)
    }

    /// Writes bytes as they are.
    mutating func copy(_ bytes: Span<UInt8>, in room: inout MutableRawSpan) {
        copy(bytes, count: bytes.count, in: &room)
    }

    @inline(__always)
    private mutating func copy(_ bytes: Span<UInt8>, count: Int, in room: inout MutableRawSpan) {
        var rest = count
        while rest >= 8 {
            write(EightBytes(bytes, at: count &- rest), count: 8, in: &room)
            rest &-= 8
        }
        if rest > 0 {
            write(EightBytes(bytes, from: count &- rest, of: count), count: rest, in: &room)
        }
    }

    /// Writes the first `count` bytes of a word.
    @inline(__always)
    mutating func write(_ bytes: EightBytes, count: Int, in room: inout MutableRawSpan) {
        room.storeBytes(of: bytes.word.littleEndian, toByteOffset: position, as: UInt64.self)
        position &+= count
    }

    /// Writes a serial or a license number, none of whose characters needs an escape.
    @inline(__always)
    mutating func string(_ text: ASCII16, in room: inout MutableRawSpan) {
        write("\"", in: &room)
        let (first, second) = text.words
        let count = text.count
        write(first, count: min(count, 8), in: &room)
        write(second, count: max(count - 8, 0), in: &room)
        write("\"", in: &room)
    }

    /// Writes a version, or `null` for none.
    mutating func string(orNull text: VersionText?, in room: inout MutableRawSpan) {
        guard let text else { return write("null", in: &room) }
        guard text.isPlain else { return string(text.description, in: &room) }
        write("\"", in: &room)
        // Nearly every version is as short as that.
        write(text.words[0], count: min(text.count, 8), in: &room)
        var index = 1
        while index * 8 < text.count {
            write(text.words[index], count: min(text.count - index * 8, 8), in: &room)
            index += 1
        }
        write("\"", in: &room)
    }

    /// Writes a text, with what must be escaped in it, or `null` for none.
    mutating func string(orNull text: String?, in room: inout MutableRawSpan) {
        guard let text else { return write("null", in: &room) }
        string(text, in: &room)
    }

    /// Writes a text, with what must be escaped in it.
    mutating func string(_ text: String, in room: inout MutableRawSpan) {
        var json = JSONWriter()
        json.string(text)
        copy(json.bytes.span, in: &room)
    }

    /// Writes a number.
    mutating func integer(_ value: Int, in room: inout MutableRawSpan) {
        var json = JSONWriter()
        json.integer(value)
        copy(json.bytes.span, in: &room)
    }

    /// The most bytes that a text takes in an answer: each of its bytes six, as `\u0000`, and two quotes; or `null`.
    static func room(for text: String?) -> Int { text.map { 6 * $0.utf8.count + 2 } ?? 4 }

    /// The most that a version takes.
    static let roomForVersion = 6 * MessageLimits.version + 2
}

extension [UInt8] {
    /// Appends what `write` writes, at most `room` bytes.
    ///
    /// The room is made at once: to append each of an answer's thirty pieces cost a hundred instructions, most of them
    /// to see whether there was room.
    @inline(__always)
    mutating func append(upTo room: Int, _ write: (inout AnswerCursor, inout MutableRawSpan) -> Void) {
        let size = room + 8
        append(addingCapacity: size) { output in
            output.append(repeating: 0, count: size)
            var cursor = AnswerCursor()
            var made = output.mutableSpan
            var bytes = unsafe made.mutableBytes
            write(&cursor, &bytes)
            output.removeLast(size - cursor.position)
        }
    }
}
