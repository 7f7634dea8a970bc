import COpenSSL

/// What OpenSSL's callbacks have to know of one connection with options.
///
/// The engine keeps it, and the `SSL` points to it without a reference of its own.
final class HandshakeVariation {
    /// The OCSP response for a client that asks, nil for none.
    let staple: [UInt8]?
    /// Whether a ticket resumes its session.
    let acceptsTickets: Bool
    /// What is done to records, nil for nothing.
    let filter: RecordFilter?

    init(_ options: HandshakeOptions, contextStaple: [UInt8]?) {
        staple =
            switch options.staple {
            case .ofIdentity: if let identity = options.identity { identity.staple } else { contextStaple }
            case .none: nil
            case .bytes(let bytes): bytes
            }
        acceptsTickets = options.acceptsTickets
        filter = options.records.flatMap { $0.isEmpty ? nil : RecordFilter($0) }
    }

    /// Lets the callbacks find it.
    ///
    /// - Returns: False for want of memory.
    func attach(to ssl: OpaquePointer) -> Bool {
        unsafe SSL_set_ex_data(ssl, Self.index, Unmanaged.passUnretained(self).toOpaque()) == 1
    }

    /// That of a connection with options, nil for any other.
    static func of(_ ssl: OpaquePointer?) -> HandshakeVariation? {
        guard let data = unsafe SSL_get_ex_data(ssl, index) else { return nil }
        return unsafe Unmanaged<HandshakeVariation>.fromOpaque(data).takeUnretainedValue()
    }

    /// The place that OpenSSL keeps for the application (`SSL_set_app_data`).
    private static let index: CInt = 0
}
