import ArgumentParser
import Client
import Faults
import FoundationEssentials
import HTTP
import Notation

/// What a shell offers behind a half-typed word: names of what the running server has.
enum Completions {
    static let effects = CompletionKind.list(Catalogue.effects.map(\.name))

    /// The parameters of the effect that the words before name, and the words to choose from behind `parameter=`.
    static let effectParameters = CompletionKind.custom { words, _, prefix in
        let entry = words.lazy.compactMap { Catalogue.effect($0) }.first
        let options = (entry?.parameters ?? [])
            .flatMap { parameter -> [String] in
                guard case .choice(let choices) = parameter.kind else { return [parameter.name + "="] }
                return choices.map { "\(parameter.name)=\($0)" }
            }
        return options.filter { $0.hasPrefix(prefix) }
    }

    /// A person waits for the next key, so a server that is slow, or not there, has nothing to offer.
    private static let patience = HTTPClient.Patience(connect: .milliseconds(500), idle: .milliseconds(1500))

    /// The names that the server lists, of a lab or of the whole.
    static func names(_ list: String, of member: String, inLab: Bool) -> CompletionKind {
        .custom { words, _, prefix in
            var options: [String] = []
            for (index, word) in words.enumerated() where index + 1 < words.count {
                if ["--admin", "--lab", "--token-file", "--ca"].contains(word) { options += [word, words[index + 1]] }
            }
            guard let parsed = try? AdminOptions.parse(options), let session = try? AdminSession(parsed) else {
                return []
            }
            guard let path = try? inLab ? session.path(list) : AdminSession.path([list]) else { return [] }
            let query = [(name: "limit", value: "1000")]
            guard let answer = try? session.ask(.get, path, query: query, patience: patience) else { return [] }
            return answer.json["items"].items.compactMap { $0[member].string }.filter { $0.hasPrefix(prefix) }
        }
    }
}
