/// Writes answers as bytes, behind whatever the buffer already holds (RFC 9112 sections 2 and 4).
///
/// One writer serves all connections: it holds only what every answer repeats. Fields are written in a fixed order:
/// `Server`, `Date`, `Content-Type`, `Content-Length`, `Connection`, then the head's own.
package struct ResponseWriter: Sendable {
    /// `100 Continue`, for a client that waits before it sends its body.
    package static let continueInterim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// From behind the status line to the date.
    private let serverAndDate: [UInt8]
    /// The same behind `200 OK`, which nearly every answer is.
    private let okServerAndDate: [UInt8]

    /// Makes a writer that names the server, such as `FauxGuard/1.0`, in every answer.
    package init(server: FieldValue) {
        serverAndDate = Array("\r\nServer: ".utf8) + server.bytes + "\r\nDate: ".utf8
        okServerAndDate = Array("HTTP/1.1 200 OK".utf8) + serverAndDate
    }

    /// What nearly every answer of one second begins with: `200 OK` with JSON, up to its length, on a connection that
    /// stays.
    package final class Preface: Sendable {
        /// The second.
        package let date: HTTPDate
        fileprivate let bytes: [UInt8]

        fileprivate init(date: HTTPDate, bytes: [UInt8]) {
            self.date = date
            self.bytes = bytes
        }

        /// Appends a whole answer, as ``ResponseWriter/append(_:body:date:to:)`` does; false where it is one that
        /// begins otherwise.
        package func append(_ head: ResponseHead, body: [UInt8], to out: inout [UInt8]) -> Bool {
            guard head.status == .ok, head.contentType == .json, head.persistence == .implied, head.fields.isEmpty
            else {
                return false
            }
            out.reserveCapacity(out.count + bytes.count + body.count + 24)
            out += bytes
            out.append(addingCapacity: 24) { room in
                room.appendDecimal(body.count)
                for _ in 0..<2 {
                    room.append(.carriageReturn)
                    room.append(.lineFeed)
                }
            }
            if !head.isForHead { out += body }
            return true
        }
    }

    /// Makes the beginning that answers of a second share.
    package func preface(at date: HTTPDate) -> Preface {
        let type = Self.contentTypeName + FieldValue.json.bytes
        return Preface(date: date, bytes: okServerAndDate + date.bytes + type + Self.contentLengthName)
    }

    /// Appends a whole answer.
    ///
    /// The body is left out for a HEAD request, and for a status that allows none; its length is still announced in
    /// the first case (RFC 9110 section 9.3.2) and not in the second (section 8.6).
    ///
    /// `length` is that of the body where none is given.
    package func append(
        _ head: ResponseHead,
        length: Length? = nil,
        body: [UInt8],
        date: HTTPDate,
        to out: inout [UInt8]
    ) {
        appendHead(head, length: length ?? .bytes(body.count), date: date, to: &out)
        if !head.isForHead, head.status.allowsContent { out += body }
    }

    /// How a client learns where the body ends (RFC 9112 section 6.3).
    package enum Length: Equatable, Sendable {
        /// It has this many bytes; a negative number traps.
        case bytes(Int)
        /// It comes in chunks, each with its length.
        case chunked
        /// It ends with the connection: for clients of HTTP/1.0, which know no chunks.
        case untilClose
    }

    /// Appends an answer's head with the blank line, for a body that is sent apart from it.
    ///
    /// Its length, for which the caller answers, is not written for a status that allows no content.
    package func appendHead(_ head: ResponseHead, length: Length, date: HTTPDate, to out: inout [UInt8]) {
        if head.status == .ok {
            out += okServerAndDate
        } else {
            out += Self.versionAndSpace
            out.appendDecimal(head.status.code)
            out.append(.space)
            out += head.status.reason.utf8
            out += serverAndDate
        }
        out += date.bytes
        if head.status.allowsContent {
            if let contentType = head.contentType {
                out += Self.contentTypeName
                out += contentType.bytes
            }
            switch length {
            case .bytes(let count):
                precondition(count >= 0, "a content length is not negative")
                out += Self.contentLengthName
                out.appendDecimal(count)
            case .chunked: out += Self.transferEncodingLine
            case .untilClose: break
            }
        }
        end(head, in: &out)
    }

    /// Appends what stands behind the length, to the blank line.
    private func end(_ head: ResponseHead, in out: inout [UInt8]) {
        switch head.persistence {
        case .implied where head.fields.isEmpty:
            out += Self.blankLine
            return
        case .implied: out += Self.lineEnd
        case .keepAlive: out += Self.keepAliveLine
        case .close: out += Self.closeLine
        }
        for field in head.fields {
            out += field.line
        }
        out += Self.lineEnd
    }

    /// Appends a chunk, and the end of the body where it is the last (RFC 9112 section 7.1).
    ///
    /// Nothing is written for an empty piece, since an empty chunk would be the end.
    package func appendChunk(_ piece: [UInt8], isLast: Bool, to out: inout [UInt8]) {
        if !piece.isEmpty {
            out += String(piece.count, radix: 16).utf8
            out += Self.lineEnd
            out += piece
            out += Self.lineEnd
        }
        if isLast { out += Self.lastChunk }
    }

    private static let lastChunk = Array("0\r\n\r\n".utf8)

    // Each piece begins with the CRLF of the line before it.
    private static let versionAndSpace = Array("HTTP/1.1 ".utf8)
    private static let contentTypeName = Array("\r\nContent-Type: ".utf8)
    private static let transferEncodingLine = Array("\r\nTransfer-Encoding: chunked".utf8)
    private static let contentLengthName = Array("\r\nContent-Length: ".utf8)
    private static let keepAliveLine = Array("\r\nConnection: keep-alive\r\n".utf8)
    private static let closeLine = Array("\r\nConnection: close\r\n".utf8)
    private static let blankLine = Array("\r\n\r\n".utf8)
    private static let lineEnd = Array("\r\n".utf8)
}
