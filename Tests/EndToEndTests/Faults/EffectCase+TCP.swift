/// Connections.
extension EffectCase {
    private static let eof = "SSLZeroReturnError: TLS/SSL connection has been closed (EOF)"

    static let tcp: [EffectCase] = [
        EffectCase("tcp.reset", #"{"after":"hello"}"#),
        EffectCase("tcp.close"),
        EffectCase("tcp.blackhole").with(\.holds, true),
        // The hello, the rest of the handshake and the request wait on their way in, what answers them on its way out.
        EffectCase("tcp.delay", #"{"latency":"60ms"}"#).with(\.atLeast, .milliseconds(240)),
        // Chain and answer are more than two kilobytes.
        EffectCase("tcp.throttle", #"{"rate":8000}"#).with(\.atLeast, .milliseconds(200)),
        EffectCase("tcp.slice", #"{"size":100,"gap":"10ms"}"#).with(\.atLeast, .milliseconds(100)),
        // Records once counted what the rule had kept from leaving.
        EffectCase("tcp.limit", #"{"bytes":700}"#)
            .with(\.also, [.openssl: "SSL handshake has read 700 bytes"])
            .with(\.bytesOut, 700),
    ]

    static let tcpKinds: [EffectCase] = [
        EffectCase(
            "tcp.reset",
            #"{"after":"accept"}"#,
            // curl says that there is no connection or that it was reset, whichever it sees first.
            [Sight(.openssl, "errno=104"), Sight(.python, "ConnectionResetError")]
        ),
        EffectCase(
            "tcp.reset",
            #"{"after":"request"}"#,
            [
                Sight(.curl, "curl: (56) Recv failure: Connection reset by peer"), Sight(.openssl, "read:errno=104"),
                Sight(.python, "RemoteDisconnected"),
            ]
        ),
        EffectCase(
            "tcp.reset",
            #"{"after":"bytes","bytes":250}"#,
            [Sight(.curl, "curl: (56) Recv failure: Connection reset by peer"), Sight(.python, "IncompleteRead(")]
        )
        .with(\.also, [.curl: "HTTP/1.1 200 OK"]),
        EffectCase(
            "tcp.close",
            #"{"after":"accept"}"#,
            [Sight(.curl, "SSL_ERROR_SYSCALL"), Sight(.openssl, "unexpected eof while reading"), Sight(.python, eof)]
        ),
        EffectCase(
            "tcp.close",
            #"{"after":"hello"}"#,
            [Sight(.curl, "SSL_ERROR_SYSCALL"), Sight(.openssl, "unexpected eof while reading"), Sight(.python, eof)]
        ),
        EffectCase("tcp.blackhole", #"{"hold":"300ms"}"#, [Sight(.curl, "SSL_ERROR_SYSCALL"), Sight(.python, eof)])
            .with(\.atLeast, .milliseconds(300)),
        EffectCase("tcp.delay", #"{"latency":"40ms","jitter":"20ms"}"#, [Sight(.python, "200 OK")])
            .with(\.atLeast, .milliseconds(80)),
        EffectCase("tcp.limit", #"{"bytes":0}"#, [Sight(.curl, "SSL_ERROR_SYSCALL"), Sight(.python, eof)])
            .with(\.bytesOut, 0),
        // Counted from the request on, so that the handshake has all that it needs.
        EffectCase(
            "tcp.limit",
            #"{"bytes":200}"#,
            [Sight(.curl, "curl: (52) Empty reply from server"), Sight(.python, "RemoteDisconnected")]
        )
        .with(\.more, #","when":{"client":"127.0.0.42","path":"/SoftToken/*"}"#),
    ]
}
