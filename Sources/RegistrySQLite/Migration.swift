import Registry

/// One step of the registry file's layout, from the version before it.
///
/// A file's version is SQLite's `user_version`. A step that was ever released is never edited; the next change of the
/// layout is the next step.
struct Migration {
    /// The version that the step leads to.
    let version: Int64
    /// The statements of the step.
    let statements: String

    /// Every step, in order.
    static let all = [
        Migration(version: 1, statements: firstLayout), Migration(version: 2, statements: secondLayout),
        Migration(version: 3, statements: thirdLayout),
    ]

    /// The version that this program writes.
    static var newest: Int64 { Int64(all.count) }

    /// The mark of a registry's file, SQLite's `application_id`: `FGrg` in ASCII.
    static let applicationID: Int64 = 0x4647_7267

    /// Brings the file to the newest version, each step in a transaction of its own.
    ///
    /// - Throws: `StoreError` where the file is another program's, or newer than this program; then nothing was
    ///   written.
    static func bringUpToDate(
        _ connection: SQLiteConnection,
        through migrations: [Migration] = all
    ) throws(StoreError) {
        let version = try connection.number("PRAGMA user_version", as: "read version") ?? 0
        let application = try connection.number("PRAGMA application_id", as: "read application id") ?? 0
        let tables = try connection.number("SELECT count(*) FROM sqlite_schema", as: "read layout") ?? 0
        let isNew = version == 0 && application == 0 && tables == 0
        guard isNew || application == applicationID else {
            let message = "the file is another program's database and was left alone"
            throw StoreError(.foreign, in: "open", path: connection.path, message)
        }
        guard version <= migrations.count else {
            let message = "the file has layout \(version), and this program knows layouts up to \(migrations.count)"
            throw StoreError(.newer, in: "open", path: connection.path, message)
        }
        for migration in migrations where migration.version > version {
            let operation = "migrate to layout \(migration.version)"
            do throws(StoreError) {
                try connection.execute("BEGIN IMMEDIATE", as: operation)
                try connection.execute(migration.statements, as: operation)
                try connection.execute("PRAGMA application_id = \(applicationID)", as: operation)
                try connection.execute("PRAGMA user_version = \(migration.version)", as: operation)
                try connection.execute("COMMIT", as: operation)
            } catch {
                connection.rollBack()
                throw error
            }
        }
    }

    // Keys are the serials themselves, so that the file can be read with SQLite's own shell. Tables are clustered by
    // them, which saves a lookup; days count from 1970-01-01, times are seconds since then, and a claim is the 64 bits
    // of an activation code, as a signed number.
    private static let firstLayout = """
        CREATE TABLE devices (
            serial TEXT PRIMARY KEY,
            registered INTEGER NOT NULL CHECK (registered IN (0, 1)),
            model TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE licenses (
            number TEXT PRIMARY KEY,
            code TEXT UNIQUE,
            size INTEGER NOT NULL CHECK (size > 0),
            valid_until INTEGER,
            owner TEXT REFERENCES devices,
            revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
            activated_at INTEGER,
            grace_unit TEXT REFERENCES devices,
            grace_until INTEGER,
            stale INTEGER NOT NULL CHECK (stale IN (0, 1)),
            CHECK ((grace_unit IS NULL) = (grace_until IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX licenses_by_owner ON licenses (owner) WHERE owner IS NOT NULL;
        CREATE INDEX licenses_by_grace_unit ON licenses (grace_unit) WHERE grace_unit IS NOT NULL;

        CREATE TABLE members (
            license TEXT NOT NULL REFERENCES licenses ON DELETE CASCADE,
            position INTEGER NOT NULL,
            device TEXT NOT NULL REFERENCES devices,
            PRIMARY KEY (license, position),
            UNIQUE (license, device)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX members_by_device ON members (device);

        CREATE TABLE tokens (
            serial TEXT PRIMARY KEY,
            license TEXT NOT NULL REFERENCES licenses,
            locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
            seed TEXT,
            kind TEXT,
            period INTEGER,
            digits INTEGER,
            code_flags INTEGER,
            claim INTEGER,
            code_expires INTEGER,
            mobile_id TEXT,
            registration_id TEXT,
            os_version TEXT,
            CHECK ((seed IS NULL) = (claim IS NULL)),
            CHECK (seed IS NOT NULL OR mobile_id IS NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tokens_by_license ON tokens (license);
        CREATE UNIQUE INDEX tokens_by_claim ON tokens (claim) WHERE claim IS NOT NULL;

        CREATE TABLE draws (
            purpose TEXT PRIMARY KEY,
            count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    // What a transfer leaves lodged lapses; a lab keeps facts of its own here, its clock among them. Pages of
    // unregistered units are read through the index.
    private static let secondLayout = """
        ALTER TABLE tokens ADD COLUMN lapses INTEGER CHECK (lapses IS NULL OR seed IS NOT NULL);

        CREATE INDEX devices_by_registration ON devices (registered);

        CREATE TABLE facts (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    // A license may be sold with the promise that it stays where it is.
    private static let thirdLayout = """
        ALTER TABLE licenses ADD COLUMN transferable INTEGER NOT NULL DEFAULT 1 CHECK (transferable IN (0, 1));
        """
}
