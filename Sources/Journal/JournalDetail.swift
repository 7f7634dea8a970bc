/// How much of a record is shown.
package struct JournalDetail: Sendable, Equatable {
    /// Whether heads and bodies are shown, as they were sent.
    package var showsBodies = false
    /// Whether secrets are shown too, in them and in every other text.
    package var showsSecrets = false

    /// The least, unless told otherwise.
    package init(showsBodies: Bool = false, showsSecrets: Bool = false) {
        self.showsBodies = showsBodies
        self.showsSecrets = showsSecrets
    }

    /// What is written of a record, as it may leave.
    func shown(_ json: [UInt8]) -> [UInt8] { showsSecrets ? json : Redaction.redacted(json) }
}
