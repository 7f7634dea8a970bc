import Foundation
import Registry
import TestKit
import Testing

@testable import RegistrySQLite

@Suite struct Migrations {
    let workspace: Workspace
    let connection: SQLiteConnection

    init() throws {
        workspace = try Workspace()
        try RegistryFile.createIfMissing(workspace.path)
        connection = try SQLiteConnection(path: workspace.path, .readWrite)
    }

    private func layout() throws -> [String] {
        let statement = try connection.prepare(
            "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name",
            as: "test"
        )
        var lines: [String] = []
        while try statement.step() { lines.append(statement.text(0) ?? "") }
        return lines
    }

    @Test func `steps are numbered one after the other`() {
        #expect(Migration.all.map(\.version) == Array(1...Migration.newest))
    }

    @Test(arguments: 0...Migration.newest)
    func `a file of every earlier version is brought to the newest`(version: Int64) throws {
        if version > 0 {
            try Migration.bringUpToDate(connection, through: Array(Migration.all.prefix(Int(version))))
        }
        #expect(try connection.number("PRAGMA user_version", as: "test") == version)
        try Migration.bringUpToDate(connection)
        #expect(try connection.number("PRAGMA user_version", as: "test") == Migration.newest)
        #expect(try connection.number("PRAGMA application_id", as: "test") == Migration.applicationID)
        #expect(try connection.text("PRAGMA quick_check", as: "test") == "ok")
        let tables = try connection.number(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%STRICT%'",
            as: "test"
        )
        #expect(tables == 0, "every table is strict")
    }

    @Test(arguments: [1, 2])
    func `the rows of an earlier layout are kept`(layout: Int) async throws {
        let path = workspace.path("old.sqlite")
        try OldRegistry.write(to: path, layout: layout)
        let store = try SQLiteStore.open(path: path)
        #expect(
            try store.export() == OldRegistry.document(),
            "a license may be transferred unless it is said not to be"
        )
        #expect(try SQLiteConnection(path: path, .read).number("SELECT count FROM draws", as: "test") == 5)
        #expect(try store.fact("clock") == nil)
        try await store.setFact("clock", "frozen")
        store.close()
        #expect(try SQLiteStore.open(path: path).fact("clock") == "frozen")
    }

    @Test func `a step that fails is undone and said by its number`() throws {
        let broken = Migration(
            version: Migration.newest + 1,
            statements: "CREATE TABLE extra (a); CREATE TABLE extra (a)"
        )
        let error = #expect(throws: StoreError.self) {
            try Migration.bringUpToDate(connection, through: Migration.all + [broken])
        }
        #expect(error?.operation == "migrate to layout \(Migration.newest + 1)")
        #expect(try connection.number("PRAGMA user_version", as: "test") == Migration.newest)
        let extra = "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"
        #expect(try connection.number(extra, as: "test") == 0)
    }

    @Test func `a file from a newer version is refused and left alone`() throws {
        try Migration.bringUpToDate(connection)
        try connection.execute("PRAGMA user_version = 1000", as: "test")
        let before = try Data(contentsOf: URL(filePath: workspace.path))
        let error = #expect(throws: StoreError.self) { try SQLiteStore.open(path: workspace.path) }
        #expect(error?.kind == .newer)
        #expect(error?.message.contains("1000") == true)
        #expect(try Data(contentsOf: URL(filePath: workspace.path)) == before)
    }
}
