import Foundation
import TestKit

/// The built program, told where a scripted server is.
enum Session {
    /// Runs it with these words, separated by blanks where they stand in one text; nothing of the surroundings leaks
    /// in.
    static func run(
        _ words: String,
        on server: ScriptedServer? = nil,
        admin: String? = nil,
        more: [String] = [],
        input: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> Command.Result {
        var surroundings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FAUXGUARD_") }
        surroundings["FAUXGUARD_ADMIN"] = admin ?? server?.url()
        return try await Command.run(
            Repository.binary,
            words.split(separator: " ").map(String.init) + more,
            input: input,
            environment: surroundings.merging(environment) { $1 }
        )
    }
}
