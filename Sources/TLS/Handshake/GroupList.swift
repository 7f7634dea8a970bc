import COpenSSL

/// The groups for key exchange that a connection accepts, all of them known.
package struct GroupList: Sendable, Equatable {
    /// The names with colons between them, as OpenSSL takes them.
    let names: String

    /// Looks up names.
    ///
    /// - Parameter names: OpenSSL's or IANA's in any case, such as `P-256`, `secp384r1`, `X25519` or `ffdhe2048`.
    ///   A group that is named twice counts once.
    /// - Throws: `TLSError` of cause `unknownGroup` or `nothingListed`.
    package init(_ names: [String]) throws(TLSError) {
        guard !names.isEmpty else { throw TLSError(.configure, .nothingListed) }
        ErrorQueue.clear()
        guard let context = unsafe SSL_CTX_new(TLS_method()) else {
            throw TLSError(.configure, .library, reasons: ErrorQueue.drain())
        }
        defer { unsafe SSL_CTX_free(context) }
        var known: [String] = []
        for name in names {
            // Other characters are the list's syntax.
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfNames),
                unsafe c_SSL_CTX_set1_groups_list(context, name) == 1
            else { throw TLSError(.configure, .unknownGroup(name), reasons: ErrorQueue.drain()) }
            // OpenSSL takes no list that names a group twice.
            let longer = (known + [name]).joined(separator: ":")
            if unsafe c_SSL_CTX_set1_groups_list(context, longer) == 1 { known.append(name) }
        }
        ErrorQueue.clear()
        self.names = known.joined(separator: ":")
    }

    /// The names of groups that clients offer (RFC 8446 section 4.2.7), as far as this OpenSSL knows them.
    package static let knownNames = [
        "P-256", "P-384", "P-521", "X25519", "X448", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
        "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192", "prime256v1", "secp256r1", "secp384r1",
        "secp521r1",
    ]
    .filter { (try? GroupList([$0])) != nil }

    /// Accepts these groups on one connection.
    func apply(to ssl: OpaquePointer) throws(TLSError) {
        guard unsafe c_SSL_set1_groups_list(ssl, names) == 1 else {
            throw TLSError(.open, .library, reasons: ErrorQueue.drain())
        }
    }

    private static func isOfNames(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
