import Foundation
import TestKit
import Testing

@testable import RegistrySQLite

/// What a commit writes goes out in one call, and nobody misses it meanwhile.
@Suite struct Gathering {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    private func connection() throws -> SQLiteConnection {
        try RegistryFile.createIfMissing(workspace.path)
        let connection = try SQLiteConnection(path: workspace.path, .readWrite)
        try RegistryFile.prepare(connection, pageLimit: nil)
        try connection.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text)", as: "prepare")
        return connection
    }

    /// How often this thread has written to a file.
    private func writes() throws -> Int {
        let text = try String(contentsOf: URL(filePath: "/proc/thread-self/io"), encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("syscw: ") })
        return try #require(Int(line.dropFirst("syscw: ".count)))
    }

    /// Adds rows of so many bytes each.
    private func insert(_ numbers: ClosedRange<Int>, bytes: Int) -> String {
        """
        WITH RECURSIVE list(number) AS (
            SELECT \(numbers.lowerBound) UNION ALL SELECT number + 1 FROM list WHERE number < \(numbers.upperBound)
        )
        INSERT INTO notes SELECT number, zeroblob(\(bytes)) FROM list
        """
    }

    @Test func `a commit of many pages is one write`() throws {
        #expect(GatheringFileSystem.name != nil)
        let connection = try connection()
        let before = try writes()
        // Ten pages at least, and one write for the index of the log, if it has to grow.
        try connection.execute(insert(1...20, bytes: 2_000), as: "insert")
        #expect(try writes() - before <= 2)
    }

    @Test(arguments: [1, 30, 500])
    func `a reader sees all of a commit as soon as it is done`(rows: Int) throws {
        let writer = try connection()
        let reader = try SQLiteConnection(path: workspace.path, .read)
        try writer.execute(insert(1...rows, bytes: 3_000), as: "insert")
        #expect(try reader.number("SELECT sum(length(text)) FROM notes", as: "read") == Int64(3_000 * rows))
        try writer.execute("UPDATE notes SET text = zeroblob(1000)", as: "update")
        #expect(try reader.number("SELECT sum(length(text)) FROM notes", as: "read") == Int64(1_000 * rows))
    }

    @Test func `a transaction that outgrows the cache reads what it spilled, and can be taken back`() throws {
        let writer = try connection()
        try writer.execute("PRAGMA cache_size = 10; PRAGMA cache_spill = 1", as: "prepare")
        try writer.execute("BEGIN IMMEDIATE; " + insert(1...400, bytes: 3_000), as: "insert")
        #expect(try writer.number("SELECT sum(length(text)) FROM notes", as: "read") == 1_200_000)
        try writer.execute("UPDATE notes SET text = zeroblob(10) WHERE number % 2 = 0", as: "update")
        writer.rollBack()
        #expect(try writer.number("SELECT count(*) FROM notes", as: "read") == 0)
        try writer.execute(insert(1...3, bytes: 10), as: "insert")
        let reader = try SQLiteConnection(path: workspace.path, .read)
        #expect(try reader.number("SELECT count(*) FROM notes", as: "read") == 3)
        #expect(try reader.text("PRAGMA integrity_check", as: "check") == "ok")
    }

    @Test func `the log is copied into the database and starts over`() throws {
        let writer = try connection()
        for round in 0..<5 {
            try writer.execute(insert(round * 50 + 1...round * 50 + 50, bytes: 2_000), as: "insert")
            let (pages, done) = try writer.checkpoint()
            #expect(pages == done)
        }
        let copy = workspace.path("copy.sqlite")
        try FileManager.default.copyItem(atPath: workspace.path, toPath: copy)
        let alone = try SQLiteConnection(path: "file:\(copy)?immutable=1", .read)
        #expect(try alone.number("SELECT count(*) FROM notes", as: "read") == 250)
    }
}
