import SoftToken

extension RegistryDocument {
    /// The forms that a document is written in.
    package enum Format: String, Sendable, CaseIterable {
        /// JSON, one entry a line.
        case json
        /// YAML, one entry a line, with a comment that says what it is.
        case yaml
    }

    /// The document in YAML, one entry a line, with a comment that says what it is.
    ///
    /// - Parameter now: Seconds since 1970 by the lab's clock, from which each token's state follows.
    /// - Returns: The text.
    package func yaml(now: Int64) -> String { text(.yaml, now: now) }

    /// The document in JSON, one entry a line, with the same fields.
    ///
    /// - Parameter now: As for ``yaml(now:)``.
    /// - Returns: The text.
    package func json(now: Int64) -> String { text(.json, now: now) }

    private func text(_ format: Format, now: Int64) -> String {
        let sections: [(String, [DocumentValue])] = [
            ("devices", devices.map { .of($0) }), ("licenses", licenses.map { .of($0) }),
            ("tokens", tokens.map { .of($0, now: now) }),
        ]
        var text = Self.opening(format)
        for (index, (name, entries)) in sections.enumerated() {
            for (position, entry) in entries.enumerated() {
                text += Self.text(of: entry, format, section: position == 0 ? name : nil)
            }
            text += Self.end(of: name, format, isEmpty: entries.isEmpty, isLast: index == sections.count - 1)
        }
        return text
    }

    // MARK: - Piece by piece

    /// What stands before the first section.
    static func opening(_ format: Format) -> String {
        switch format {
        case .json: "{\n"
        case .yaml: "# A lab's whole registry. It holds secrets: redemption codes, seeds and activation codes.\n"
        }
    }

    /// One entry; the first of its section brings the section's name.
    static func text(of entry: DocumentValue, _ format: Format, section: String?) -> String {
        switch format {
        case .json: (section.map { "  \"\($0)\": [" } ?? ",") + "\n    " + entry.json
        case .yaml: (section.map { "\($0):\n" } ?? "") + "  - " + entry.yaml + "\n"
        }
    }

    /// What stands behind a section's last entry.
    static func end(of section: String, _ format: Format, isEmpty: Bool, isLast: Bool) -> String {
        switch format {
        case .json: (isEmpty ? "  \"\(section)\": []" : "\n  ]") + (isLast ? "\n}\n" : ",\n")
        case .yaml: isEmpty ? "\(section): []\n" : ""
        }
    }
}
