/// Each record of a handshake, in each version that has it, with everything that can happen to it.
extension EffectCase {
    private struct Place {
        let record: String
        let version: String
        /// Whether it travels sealed.
        let isSealed: Bool
        /// Whether the client takes the handshake for finished by then.
        var isLate = false
    }

    private static let places: [Place] = [
        Place(record: "serverHello", version: "TLSv1.2", isSealed: false),
        Place(record: "certificate", version: "TLSv1.2", isSealed: false),
        Place(record: "serverKeyExchange", version: "TLSv1.2", isSealed: false),
        Place(record: "serverHelloDone", version: "TLSv1.2", isSealed: false),
        Place(record: "ticket", version: "TLSv1.2", isSealed: false),
        Place(record: "finished", version: "TLSv1.2", isSealed: true),
        Place(record: "serverHello", version: "TLSv1.3", isSealed: false),
        Place(record: "encryptedExtensions", version: "TLSv1.3", isSealed: true),
        Place(record: "certificate", version: "TLSv1.3", isSealed: true),
        Place(record: "certificateVerify", version: "TLSv1.3", isSealed: true),
        Place(record: "finished", version: "TLSv1.3", isSealed: true),
        Place(record: "ticket", version: "TLSv1.3", isSealed: true, isLate: true),
    ]

    static let records: [EffectCase] =
        places.flatMap { place in
            let (at, version) = ("\"at\":\"\(place.record)\"", place.version)
            let end = place.isLate ? "RemoteDisconnected" : "SSLZeroReturnError"
            return [
                EffectCase(
                    "tls.alert",
                    "{\"alert\":\"insufficient_security\",\(at)}",
                    [
                        Sight(.openssl, "SSL alert number 71", over: version),
                        Sight(.python, "TLSV1_ALERT_INSUFFICIENT_SECURITY", over: version),
                    ]
                )
                .with(\.alert, "insufficient_security"),
                EffectCase("tls.stall", "{\(at),\"hold\":\"150ms\"}", [Sight(.python, end, over: version)])
                    .with(\.atLeast, .milliseconds(150)),
                EffectCase(
                    "tls.truncate",
                    "{\(at)}",
                    [
                        Sight(.openssl, "unexpected eof while reading", over: version),
                        Sight(.python, end, over: version),
                    ]
                ),
                EffectCase(
                    "tls.corrupt",
                    "{\(at)}",
                    [Sight(.python, place.isSealed ? "BAD_RECORD_MAC" : "UNEXPECTED_MESSAGE", over: version)]
                ),
            ]
        } + [
            EffectCase("tls.corrupt", #"{"at":"data"}"#, [Sight(.python, "BAD_RECORD_MAC")]),
            EffectCase("tls.truncate", #"{"bytes":3}"#, [Sight(.python, "SSLZeroReturnError")]).with(\.bytesOut, 3),
        ]
}
