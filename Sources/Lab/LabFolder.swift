import FoundationEssentials
import IO
package import Journal
package import Registry
import RegistrySQLite

/// Where labs are kept, and where they are made, opened and removed.
package struct LabFolder: Sendable {
    /// The folder of all labs.
    package let path: String
    private let choices: Lab.Choices
    private let journal: JournalLimits
    private let loops: Int
    private let seed: UInt64
    private let report: @Sendable (String, StoreError) -> Void

    /// Labs under `path`, made by these choices, with journals that so many loops write into; `seed` is for those that
    /// have none of their own.
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

    /// Whether a lab may have this name: it becomes a folder's.
    package static func isName(_ name: String) -> Bool {
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isWord(first) else { return false }
        return name.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Whether there is a folder of this name, a lab's or another.
    package func hasFolder(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder(of: name)) }

    /// Makes a lab that is not there, with its seed and where its own listener is to be, and opens it.
    ///
    /// It gets its name when it is whole, so that a kill leaves nothing that a start would take for a lab.
    package func make(_ name: String, seed: UInt64, listen: LabListener?) async throws(LabFolderError) -> Lab {
        guard Self.isName(name) else { throw .badName(name) }
        guard !FileManager.default.fileExists(atPath: registry(of: name)) else { throw .taken("a lab \(name)") }
        let draft = self.draft(of: name)
        do {
            try? FileManager.default.removeItem(atPath: draft)
            try File.makeFolder(draft)
            let store = try SQLiteStore.open(path: registry(in: draft))
            do throws(StoreError) {
                try await store.setFacts([Lab.Fact.seed: "\(seed)", Lab.Fact.listen: listen?.kept])
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
                let kept = try store.fact(Lab.Fact.seed).flatMap { UInt64($0) }
                if let seed, seed != kept { try await store.setFact(Lab.Fact.seed, "\(seed)") }
                let lab = Lab(
                    name: name,
                    seed: seed ?? kept ?? self.seed,
                    clock: LabClock(),
                    store: store,
                    choices: choices,
                    journal: journal,
                    loops: loops
                )
                try lab.readClock()
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
        let rest = removed(of: name)
        do {
            try? FileManager.default.removeItem(atPath: rest)
            try File.move(folder(of: name), to: rest)
            try FileManager.default.removeItem(atPath: rest)
        } catch {
            throw .file("the folder of lab \(name) can't be removed: \(error)")
        }
    }

    private func registry(of name: String) -> String { registry(in: folder(of: name)) }
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
