import Documents

extension RegistryDocument {
    /// The document in YAML, one entry a line, with a comment that says what it is.
    ///
    /// - Parameter now: Seconds since 1970 by the lab's clock, from which each token's state follows.
    /// - Returns: The text.
    package func yaml(now: Int64) -> String {
        text(.yaml, now: now)
    }

    /// The document in JSON, one entry a line, with the same fields.
    ///
    /// - Parameter now: As for ``yaml(now:)``.
    /// - Returns: The text.
    package func json(now: Int64) -> String {
        text(.json, now: now)
    }

    private func text(_ format: DocumentFormat, now: Int64) -> String {
        var bytes: [UInt8] = []
        var writer = DocumentWriter(format, now: now)
        for device in devices { writer.append(device, to: &bytes) }
        for license in licenses { writer.append(license, to: &bytes) }
        for token in tokens { writer.append(token, to: &bytes) }
        writer.finish(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
