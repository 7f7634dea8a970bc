import FoundationEssentials
import IO
package import Journal
package import Registry
import RegistrySQLite

/// Where labs are kept: a folder with one folder a lab, which holds its registry, the registry as it was first loaded,
/// and its snapshots.
package struct LabFolder: Sendable {
    /// The folder of all labs.
    package let path: String
    private let choices: Lab.Choices
    private let journal: JournalLimits
    private let loops: Int
    private let seed: UInt64
    private let report: @Sendable (String, StoreError) -> Void

    /// Labs under `path`, made by these choices, with journals that so many loops write into; `seed` is for those that have
    /// none of their own.
    ///
    /// `report` hears on any thread what befell a lab's registry.
    package init(
        path: String,
        choices: Lab.Choices,
        journal: JournalLimits,
        loops: Int,
        seed: UInt64,
        report: @escaping @Sendable (_ lab: String, StoreError) -> Void
    ) {
        self.path = path
        self.choices = choices
        self.journal = journal
        self.loops = loops
        self.seed = seed
        self.report = report
    }

    /// What a lab keeps in its registry's file beside the rows.
    enum Fact {
        static let seed = "seed"
        static let clock = "clock"
        static let certificates = "certificates"
        static let listen = "listen"
        static let origin = "origin"
        static let scenario = "scenario"
    }

    /// How what is not, or no longer, a lab or a snapshot ends.
    private enum Suffix {
        static let draft = ".new"
        static let removed = ".removed"
    }

    /// Whether a lab may have this name: it becomes a folder's.
    package static func isName(_ name: String) -> Bool {
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isWord(first) else { return false }
        return name.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// The labs that are there, by name.
    package var names: [String] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return folders.filter { Self.isName($0) && FileManager.default.fileExists(atPath: registry(of: $0)) }.sorted()
    }

    /// Whether there is a folder of this name, a lab's or another.
    package func hasFolder(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder(of: name)) }

    func folder(of name: String) -> String { "\(path)/\(name)" }
    private func registry(of name: String) -> String { "\(path)/\(name)/registry.sqlite" }
    private func origin(of name: String) -> String { "\(path)/\(name)/origin.sqlite" }

    // MARK: - A lab's life

    /// Makes a lab that is not there, with its seed and where its own listener is to be, and opens it.
    ///
    /// It gets its name when it is whole, so that a kill leaves nothing that a start would take for a lab.
    package func make(_ name: String, seed: UInt64, listen: LabListener?) async throws(LabFolderError) -> Lab {
        guard Self.isName(name) else { throw .badName(name) }
        guard !FileManager.default.fileExists(atPath: registry(of: name)) else { throw .taken("a lab \(name)") }
        let draft = "\(path)/.\(name)\(Suffix.draft)"
        do {
            try? FileManager.default.removeItem(atPath: draft)
            try File.makeFolder(draft)
            let store = try SQLiteStore.open(path: draft + "/registry.sqlite")
            do throws(StoreError) {
                try await store.setFacts([Fact.seed: "\(seed)", Fact.listen: listen?.kept])
                _ = try? await IO.Thread.perform(named: "close") { store.close() }
            } catch {
                store.close()
                throw error
            }
            try File.move(draft, to: folder(of: name))
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw (error as? StoreError).map { .store($0) } ?? .file("\(error)")
        }
        do throws(LabFolderError) {
            return try await open(name)
        } catch {
            try? remove(name)
            throw error
        }
    }

    /// Opens a lab, or makes it where it is missing; with `seed`, that is its seed from now on.
    package func open(_ name: String, seed: UInt64? = nil) async throws(LabFolderError) -> Lab {
        guard Self.isName(name) else { throw .badName(name) }
        do throws(SystemError) {
            try File.makeFolder(folder(of: name))
        } catch {
            throw .file("\(error)")
        }
        do throws(StoreError) {
            let report = self.report
            let store = try SQLiteStore.open(path: registry(of: name)) { report(name, $0) }
            do throws(StoreError) {
                let kept = try store.fact(Fact.seed).flatMap { UInt64($0) }
                if let seed, seed != kept { try await store.setFact(Fact.seed, "\(seed)") }
                let lab = Lab(
                    name: name,
                    seed: seed ?? kept ?? self.seed,
                    clock: LabClock(),
                    store: store,
                    choices: choices,
                    journal: journal,
                    loops: loops
                )
                try readClock(of: lab)
                return lab
            } catch {
                store.close()
                throw error
            }
        } catch {
            throw .store(error)
        }
    }

    /// Removes a lab that was closed, with everything that it kept.
    ///
    /// Its name goes first, so that a kill leaves no half of it under that.
    package func remove(_ name: String) throws(LabFolderError) {
        let rest = "\(path)/.\(name)\(Suffix.removed)"
        do {
            try? FileManager.default.removeItem(atPath: rest)
            try File.move(folder(of: name), to: rest)
            try FileManager.default.removeItem(atPath: rest)
        } catch {
            throw .file("the folder of lab \(name) can't be removed: \(error)")
        }
    }

    /// Removes what a kill left half made or half removed.
    ///
    /// Only for the one server that has the labs open: the drafts of another would go too.
    package func sweep() {
        let files = FileManager.default
        func remove(in folder: String, where isLeft: (String) -> Bool) {
            for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where isLeft(name) {
                try? files.removeItem(atPath: "\(folder)/\(name)")
            }
        }
        remove(in: path) { $0.hasPrefix(".") && ($0.hasSuffix(Suffix.draft) || $0.hasSuffix(Suffix.removed)) }
        for name in names {
            for folder in [folder(of: name), folder(of: name) + "/snapshots"] {
                remove(in: folder) { $0.contains(".sqlite.") && $0.hasSuffix(Suffix.draft) }
            }
        }
    }

    /// Puts the lab's clock as it was kept.
    func readClock(of lab: Lab) throws(StoreError) {
        lab.clock.set(try lab.store.fact(Fact.clock).flatMap { LabClock.Setting($0) } ?? .host)
        let certificates = try lab.store.fact(Fact.certificates).flatMap { LabClock.Certificates(rawValue: $0) }
        lab.clock.set(certificates ?? .host)
    }

    /// Sets the lab's clock, for good.
    package func setClock(
        of lab: Lab,
        to setting: LabClock.Setting,
        certificates: LabClock.Certificates
    ) async throws(StoreError) {
        try await lab.store.setFacts(facts(setting, certificates))
        lab.clock.set(setting)
        lab.clock.set(certificates)
    }

    private func facts(_ setting: LabClock.Setting, _ certificates: LabClock.Certificates) -> RegistryFacts {
        [Fact.clock: setting.text, Fact.certificates: certificates.rawValue]
    }

    // MARK: - The registry as first loaded

    /// What to keep with a document that is loaded, so that it becomes what a reset comes back to if it is the first: kept
    /// in the load's own transaction, and so not lost to a kill before ``keepOrigin(of:)``.
    package func originFacts(of lab: Lab) -> RegistryFacts {
        let isThere = FileManager.default.fileExists(atPath: origin(of: lab.name))
        return isThere ? [:] : [Fact.origin: "due"]
    }

    /// Keeps the registry as it is now, to come back to, where the first document was just loaded.
    package func keepOrigin(of lab: Lab) async throws {
        guard try lab.store.fact(Fact.origin) != nil else { return }
        if try !lab.store.isEmpty {
            let (store, origin) = (lab.store, origin(of: lab.name))
            try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: origin) }
        }
        try await lab.store.setFact(Fact.origin, nil)
    }

    /// Puts the lab back: the registry as first loaded, or empty where none ever was, a running clock, an empty journal.
    package func reset(_ lab: Lab) async throws(StoreError) {
        var facts = facts(.host, .host)
        facts[Fact.listen] = .some(try listenFact(of: lab))
        facts[Fact.origin] = .some(nil)
        facts[Fact.scenario] = .some(nil)
        let origin = origin(of: lab.name)
        if FileManager.default.fileExists(atPath: origin) {
            try await lab.store.restore(from: origin, facts: facts)
        } else {
            try await lab.store.replace(with: RegistryDocument(devices: [], licenses: [], tokens: []), facts: facts)
        }
        try readClock(of: lab)
        forgetScenario(of: lab)
        lab.journal.clear()
    }

    // MARK: - Snapshots

    /// A kept state of a lab.
    package struct Snapshot: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// When it was made, in seconds since 1970 by the host's clock.
        package let created: Int64
        /// How large its file is, in bytes.
        package let bytes: Int
    }

    /// Whether a snapshot may have this name: it becomes a file's.
    package static func isSnapshotName(_ name: String) -> Bool {
        let lowered = name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return isName(String(decoding: lowered, as: UTF8.self))
    }

    private func snapshots(of lab: Lab) -> String { "\(path)/\(lab.name)/snapshots" }
    private func snapshot(_ name: String, of lab: Lab) -> String { "\(snapshots(of: lab))/\(name).sqlite" }

    /// The lab's snapshots, by name.
    package func snapshots(of lab: Lab) -> [Snapshot] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: snapshots(of: lab))) ?? []
        return files.filter { $0.hasSuffix(".sqlite") }
            .map { String($0.dropLast(".sqlite".count)) }
            .filter(Self.isSnapshotName)
            .compactMap { describe($0, of: lab) }
            .sorted { $0.name < $1.name }
    }

    private func describe(_ name: String, of lab: Lab) -> Snapshot? {
        guard let facts = try? File.facts(of: snapshot(name, of: lab)) else { return nil }
        return Snapshot(name: name, created: facts.written, bytes: facts.size)
    }

    /// Keeps the whole lab as it is now under a name that is free.
    package func makeSnapshot(_ name: String, of lab: Lab) async throws -> Snapshot {
        guard Self.isSnapshotName(name) else { throw LabFolderError.badName(name) }
        guard describe(name, of: lab) == nil else { throw LabFolderError.taken("a snapshot \(name)") }
        try File.makeFolder(snapshots(of: lab))
        let file = snapshot(name, of: lab)
        let store = lab.store
        try await IO.Thread.perform(named: "snapshot") { try store.snapshot(to: file) }
        guard let made = describe(name, of: lab) else { throw LabFolderError.missing("snapshot \(name)") }
        return made
    }

    /// Puts the lab back to what a snapshot kept, its clock included; the journal goes on.
    package func restore(_ name: String, of lab: Lab) async throws {
        guard Self.isSnapshotName(name), describe(name, of: lab) != nil else {
            throw LabFolderError.missing("snapshot \(name)")
        }
        // A scenario that runs goes on, and one that ran when the snapshot was made does not begin again.
        let facts = [
            Fact.listen: try listenFact(of: lab), Fact.origin: nil, Fact.scenario: try scenario(of: lab),
        ]
        try await lab.store.restore(from: snapshot(name, of: lab), facts: facts)
        try readClock(of: lab)
    }

    /// Removes a snapshot.
    package func removeSnapshot(_ name: String, of lab: Lab) throws(LabFolderError) {
        guard Self.isSnapshotName(name), describe(name, of: lab) != nil else { throw .missing("snapshot \(name)") }
        do {
            try FileManager.default.removeItem(atPath: snapshot(name, of: lab))
        } catch {
            throw .file("the snapshot \(name) can't be removed: \(error)")
        }
    }
}

/// Why something can't be done with a lab's folder.
package enum LabFolderError: Error, Sendable {
    /// The registry's file can't be used.
    case store(StoreError)
    /// No lab and no snapshot can have this name.
    case badName(String)
    /// What is to be made is there.
    case taken(String)
    /// What is meant is not there.
    case missing(String)
    /// The file system refused.
    case file(String)
}
