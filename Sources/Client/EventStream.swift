/// Reads server-sent events from bytes as they arrive (WHATWG HTML, section 9.2.6).
package struct EventStream: Sendable {
    /// One event.
    package struct Event: Equatable, Sendable {
        /// The last `id` seen in the stream; empty before the first.
        package let id: String
        /// Its kind, `message` where it says none.
        package let kind: String
        /// Its data, lines joined by a line feed.
        package let data: String
    }

    /// The most bytes that one event may have: above any exchange with its bodies.
    package static let largestEvent = 16 << 20

    private var line: [UInt8] = []
    private var endsInReturn = false
    private var isFirstLine = true
    private var id = ""
    private var kind = ""
    private var data: [String] = []
    private var size = 0

    /// A stream from its beginning.
    package init() {}

    /// Reads on and returns the events that became whole; nil where one grows beyond ``largestEvent``.
    package mutating func read(_ bytes: ArraySlice<UInt8>) -> [Event]? {
        var events: [Event] = []
        for octet in bytes {
            // A line ends in CR LF, LF or CR; which it was is known only with the next octet.
            if octet == 0x0A, endsInReturn {
                endsInReturn = false
                continue
            }
            endsInReturn = octet == 0x0D
            guard octet == 0x0A || octet == 0x0D else {
                size += 1
                guard size <= Self.largestEvent else { return nil }
                line.append(octet)
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        let name = String(decoding: line[..<colon], as: UTF8.self)
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch name {
        case "event": kind = text
        case "data": data.append(text)
        case "id": if !value.contains(0) { id = text }
        // Comments, which keep a connection alive, have an empty name; `retry` is for those that connect again.
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer { (kind, data, size) = ("", [], 0) }
        guard !data.isEmpty else { return nil }
        return Event(id: id, kind: kind.isEmpty ? "message" : kind, data: data.joined(separator: "\n"))
    }
}
