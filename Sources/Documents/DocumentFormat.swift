/// How a document is written.
package enum DocumentFormat: String, Sendable, CaseIterable {
    /// YAML 1.2, of which JSON is a part.
    case yaml
    /// JSON by RFC 8259.
    case json
}
