/// Every way to fail, in the order in which people read of them: a line an effect.
package enum Catalogue {
    /// The effects.
    package static let effects: [any Effect.Type] = [
        TCPRefuse.self,
        TCPReset.self,
        TCPClose.self,
        TCPBlackhole.self,
        TCPDelay.self,
        TCPThrottle.self,
        TCPSlice.self,
        TCPLimit.self,
        TLSCertificate.self,
        TLSVersion.self,
        TLSCiphers.self,
        TLSGroups.self,
        TLSStaple.self,
        TLSClientCertificate.self,
        TLSAlert.self,
        TLSStall.self,
        TLSTruncate.self,
        TLSCorrupt.self,
        TLSSlow.self,
        TLSPlaintext.self,
        TLSAbruptClose.self,
        HTTPStatus.self,
        HTTPBlockPage.self,
        HTTPRedirect.self,
        HTTPDelay.self,
        HTTPHang.self,
        HTTPDrip.self,
        HTTPTruncate.self,
        HTTPLength.self,
        HTTPEmpty.self,
        HTTPContentType.self,
        HTTPMalformed.self,
        HTTPLost.self,
        ServiceErrorEffect.self,
        ServicePartial.self,
        ServiceDropField.self,
        ServiceNullField.self,
        ServiceWrongSerial.self,
        ServiceStale.self,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: effects.map { ($0.entry.name, $0) })

    /// The effect of this name.
    package static func effect(_ name: String) -> (any Effect.Type)? { byName[name] }

    /// What is said of each.
    package static var entries: [EffectEntry] { effects.map { $0.entry } }
}
