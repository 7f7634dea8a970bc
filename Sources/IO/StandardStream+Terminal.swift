import CLinux
import Glibc

extension StandardStream {
    /// Where a program's input comes from.
    package static let input = STDIN_FILENO

    /// Whether a person sits at the other end.
    package static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    /// How many columns that person's terminal has; nil where it is none or does not say.
    package static func columns(of descriptor: CInt) -> Int? {
        let columns = c_terminal_columns(descriptor)
        return columns > 0 ? Int(columns) : nil
    }

    /// Reads standard input to its end, at most `limit` bytes; more is an error, `EFBIG`.
    package static func readToEnd(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try readPiece()
            guard !piece.isEmpty else { return bytes }
            bytes += piece
            guard bytes.count <= limit else { throw SystemError(EFBIG, in: "read", on: "standard input") }
        }
    }

    /// Reads one line from standard input, without its end; nil where there is none.
    package static func readLine() -> String? {
        Swift.readLine()
    }

    private static func readPiece() throws(SystemError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(input, $0.baseAddress, $0.count) }
            if count >= 0 { return Array(chunk.prefix(count)) }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
                unsafe poll(&waiting, 1, -1)
            case let code: throw SystemError(code, in: "read", on: "standard input")
            }
        }
    }
}
