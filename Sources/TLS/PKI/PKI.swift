/// The certificates of one installation, as they stand in its folder.
///
/// A value: it holds what was read or minted, in PEM, and no file or OpenSSL object. `Certs/README.md` describes the
/// folder.
package struct PKI: Sendable {
    /// The folder's path, as given.
    package let directory: String
    /// The configured names, beyond the emulated ones; sorted, each once.
    package let names: [GeneralName]
    /// What the server presents.
    package let server: Identity
    /// The root certificate in PEM, for clients to trust.
    package let authority: [UInt8]
    /// The SHA-256 of the root certificate in DER, 64 lower-case hex digits.
    package let authorityFingerprint: String
    /// Each certificate's subject and end, in the order of ``PKIFile``.
    package let certificates: [Summary]
    /// What opening changed on disk, in order; empty when all was in order already.
    package let changes: [PKIChange]

    /// One certificate, for a log line.
    package struct Summary: Sendable, Equatable {
        /// Which one.
        package let file: PKIFile
        /// The subject in RFC 2253 form.
        package let subject: String
        /// The last second in which it counts, Unix seconds.
        package let notAfter: Int64
    }

    /// Opens the PKI in a folder: mints what is missing, renews what is due, verifies the rest.
    ///
    /// It blocks on the disk and on a lock that keeps out other processes, so it has no place on an event loop. Being
    /// killed at any moment leaves a folder that the next call completes.
    ///
    /// - Parameters:
    ///   - directory: the folder, made with mode 0700 where it is missing; its parent must exist.
    ///   - names: further host names and IP addresses that the server goes by.
    ///   - now: the present, Unix seconds.
    /// - Returns: the PKI as it is on disk.
    /// - Throws: ``PKIError``; after ``PKIError/refused(path:_:)`` nothing that was refused has been overwritten.
    package static func open(at directory: String, names: [String], now: Int64) throws(PKIError) -> PKI {
        var configured: [GeneralName] = []
        for text in names {
            configured.append(try GeneralName(text))
        }
        return try open(at: directory, configured: configured, now: now)
    }

    /// Opens the folder again, so that what is due by `now` is renewed; to be called now and then, once a day is plenty.
    ///
    /// - Parameter now: the present, Unix seconds.
    /// - Returns: the PKI as it is on disk, with the changes of this call.
    /// - Throws: ``PKIError``, as ``open(at:names:now:)`` does; this value stays usable until its certificates end.
    package func renewed(at now: Int64) throws(PKIError) -> PKI {
        try Self.open(at: directory, configured: names, now: now)
    }

    private static func open(at directory: String, configured: [GeneralName], now: Int64) throws(PKIError) -> PKI {
        let sorted = Set(configured).sorted { $0.extensionText < $1.extensionText }
        var opening = PKIOpening(folder: try PKIFolder.open(at: directory), names: sorted, now: now)
        return try opening.run()
    }
}
