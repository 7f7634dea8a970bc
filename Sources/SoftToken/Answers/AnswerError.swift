/// An `error` member that says why: code and text, and behind the text the name of the member at fault.
struct AnswerError {
    private let code: Int
    private let text: String

    /// The most bytes that it takes.
    var room: Int { 64 + AnswerCursor.room(for: text) }

    fileprivate init(_ entry: ErrorTable.Entry, field: String?) {
        code = entry.code
        text = field.map { "\(entry.text): \($0)" } ?? entry.text
    }

    /// Writes it.
    func write(to json: inout AnswerCursor, in room: inout MutableRawSpan) {
        json.write(#""error":{"error_code":"#, in: &room)
        json.integer(code, in: &room)
        json.write(#","error_message":"#, in: &room)
        json.string(text, in: &room)
        json.write("}", in: &room)
    }
}

extension AnswerWriter {
    /// What this lab says of a refusal.
    func error(_ reason: ServiceError, field: String? = nil) -> AnswerError {
        AnswerError(errors[reason], field: field)
    }
}
