import SoftToken

/// Errors as answers carry them, and the putting of one in its place.
enum ErrorObject {
    /// `{"error_code":…,"error_message":…}`.
    static func text(_ code: Int, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("error_code")
        json.integer(code)
        json.key("error_message")
        json.string(message)
        json.endObject()
        return json.finish()
    }

    /// A string of JSON.
    static func quoted(_ text: String) -> [UInt8] {
        var json = JSONWriter()
        json.string(text)
        return json.finish()
    }

    /// Puts a text at every unit of the answer but the last, which is the one that asks; false where there is no other.
    static func putAtPeers(_ text: [UInt8], into draft: inout AnswerDraft) -> Bool {
        let count = count(of: "d.__clustered_sns[*]", in: draft.body)
        guard count > 1 else { return false }
        _ = put(text, at: "d.__clustered_sns[*].error", into: &draft, only: 0..<(count - 1))
        return true
    }

    /// How many values a path leads to.
    static func count(of path: String, in body: [UInt8]) -> Int {
        guard let path = JSONPath(path) else { return 0 }
        return JSONEditor.edit(body, at: path) { $0 }?.count ?? 0
    }

    /// Puts `value` where `path` leads, at those of its places that are in `places`, in one pass however many they are.
    ///
    /// - Returns: To how many places it leads.
    static func put(_ value: [UInt8], at path: String, into draft: inout AnswerDraft, only places: Range<Int>) -> Int {
        var place = -1
        let edited = JSONPath(path)
            .flatMap { path in
                JSONEditor.edit(draft.body, at: path) { text in
                    place += 1
                    return places.contains(place) ? value : text
                }
            }
        guard let edited else { return 0 }
        draft.body = edited.bytes
        return edited.count
    }

    /// Puts `value` wherever `path` leads; false where it leads nowhere.
    static func put(_ value: [UInt8], at path: String, into draft: inout AnswerDraft) -> Bool {
        guard let path = JSONPath(path), let edited = JSONEditor.edit(draft.body, at: path, { _ in value }),
            edited.count > 0
        else { return false }
        draft.body = edited.bytes
        return true
    }
}
