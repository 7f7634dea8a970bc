/// Every way to fail.
package enum Catalogue {
    /// The effects, in the order in which people read of them.
    package static let effects: [Effect] = [
        .tcpRefuse, .tcpReset, .tcpClose, .tcpBlackhole, .tcpDelay, .tcpThrottle, .tcpSlice, .tcpLimit,
        .tlsCertificate, .tlsVersion, .tlsCiphers, .tlsGroups, .tlsStaple, .tlsClientCertificate, .tlsAlert, .tlsStall,
        .tlsTruncate, .tlsCorrupt, .tlsSlow, .tlsPlaintext, .tlsAbruptClose,
        .httpStatus, .httpBlockPage, .httpRedirect, .httpDelay, .httpHang, .httpDrip, .httpTruncate, .httpLength,
        .httpEmpty, .httpContentType, .httpMalformed, .httpLost,
        .serviceError, .servicePartial, .serviceDropField, .serviceNullField, .serviceWrongSerial, .serviceStale,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: effects.map { ($0.name, $0) })

    /// The effect of this name.
    package static func effect(_ name: String) -> Effect? { byName[name] }
}
