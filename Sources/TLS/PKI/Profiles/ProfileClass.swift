/// What a certificate profile expects of a client.
package enum ProfileClass: String, CaseIterable, Sendable {
    /// Every client should accept it.
    case good
    /// A correct client refuses it, where it can judge it.
    case defect
    /// Odd, and accepted by many: to see which clients do.
    case tolerated
}
