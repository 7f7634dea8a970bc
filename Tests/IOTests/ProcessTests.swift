import IO
import Testing

@Suite struct Residence {
    /// How much of mapped files is resident, in KiB.
    private func residentFiles() throws -> Int {
        let status = try File.readText("/proc/self/status").split(separator: "\n")
        let line = try #require(status.first { $0.hasPrefix("RssFile:") })
        return try #require(
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
        )
    }

    @Test func `code that was let go is resident no more, and runs all the same`() throws {
        let before = try residentFiles()
        Process.letGoOfCode()
        #expect(try residentFiles() < before)
    }
}
