/// How much of a record is shown.
package struct JournalDetail: Sendable, Equatable {
    /// Whether heads and bodies are shown, as they were sent.
    package var showsBodies = false
    /// Whether seeds and codes in them are shown too.
    package var showsSecrets = false

    /// The least, unless told otherwise.
    package init(showsBodies: Bool = false, showsSecrets: Bool = false) {
        self.showsBodies = showsBodies
        self.showsSecrets = showsSecrets
    }
}
