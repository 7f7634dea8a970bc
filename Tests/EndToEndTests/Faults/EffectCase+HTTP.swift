/// Requests and their answers.
extension EffectCase {
    static let http: [EffectCase] = [
        EffectCase("http.status", #"{"code":503,"retryAfter":"10s"}"#).with(\.also, [.curl: "Retry-After: 10"]),
        EffectCase("http.blockPage").with(\.also, [.curl: "<title>Access denied</title>"]),
        EffectCase("http.redirect").with(\.also, [.curl: "Location: http://portal.test/login"]),
        EffectCase("http.delay", #"{"latency":"300ms"}"#).with(\.atLeast, .milliseconds(300)),
        EffectCase("http.hang").with(\.holds, true),
        // The body has 398 bytes.
        EffectCase("http.drip", #"{"rate":1000,"chunk":100}"#).with(\.atLeast, .milliseconds(390)),
        EffectCase("http.truncate")
            .with(
                \.also,
                [.curl: "199 bytes remaining", .python: "IncompleteRead(199 bytes read, 199 more expected)"]
            ),
        EffectCase("http.length", #"{"delta":10}"#).with(\.also, [.curl: "Content-Length: 408"]),
        EffectCase("http.empty").with(\.also, [.curl: "HTTP/1.1 200 OK"]),
        EffectCase("http.contentType").with(\.also, [.curl: FaultRequest.license, .python: FaultRequest.license]),
        EffectCase("http.malformed"),
        EffectCase("http.lost").with(\.request, FaultRequest.provision).with(\.registry, .changed),
    ]

    static let httpKinds: [EffectCase] = [
        EffectCase(
            "http.status",
            #"{"code":429,"body":"<p>slower</p>","headers":{"X-Box":"7"}}"#,
            [Sight(.curl, "HTTP/1.1 429 Too Many Requests"), Sight(.python, "429 Too Many Requests")]
        )
        .with(\.also, [.curl: "X-Box: 7", .python: "Content-Type: text/html"]),
        EffectCase("http.status", #"{"code":204}"#, [Sight(.curl, "HTTP/1.1 204 No Content")]),
        EffectCase(
            "http.blockPage",
            #"{"vendor":"webfilter"}"#,
            [Sight(.curl, "<title>Web Page Blocked</title>"), Sight(.python, "JSONDecodeError")]
        )
        .with(\.also, [.curl: "HTTP/1.1 200 OK"]),
        EffectCase(
            "http.blockPage",
            #"{"vendor":"proxyAuth"}"#,
            [Sight(.curl, "HTTP/1.1 407 Proxy Authentication Required")]
        )
        .with(\.also, [.curl: "Proxy-Authenticate: Basic realm=\"proxy\""]),
        EffectCase(
            "http.redirect",
            #"{"to":"https://portal.test/?a=b","code":307}"#,
            [Sight(.curl, "HTTP/1.1 307 Temporary Redirect")]
        )
        .with(\.also, [.curl: "Location: https://portal.test/?a=b"]),
        EffectCase("http.delay", #"{"latency":"200ms","jitter":"100ms"}"#, [Sight(.curl, "200 OK")])
            .with(\.atLeast, .milliseconds(100)),
        EffectCase(
            "http.hang",
            #"{"hold":"300ms"}"#,
            [Sight(.curl, "curl: (52) Empty reply from server"), Sight(.python, "RemoteDisconnected")]
        )
        .with(\.atLeast, .milliseconds(300)),
        EffectCase(
            "http.truncate",
            #"{"bytes":7}"#,
            [Sight(.python, "IncompleteRead(7 bytes read, 391 more expected)")]
        ),
        EffectCase("http.truncate", #"{"fraction":0}"#, [Sight(.curl, "398 bytes remaining to read")]),
        EffectCase("http.length", #"{"delta":-10}"#, [Sight(.python, "JSONDecodeError: Unterminated string")])
            .with(\.also, [.python: "Content-Length: 388"]),
        EffectCase(
            "http.contentType",
            #"{"value":"application/xml"}"#,
            [Sight(.curl, "Content-Type: application/xml")]
        ),
        EffectCase("http.malformed", #"{"kind":"unterminated"}"#, [Sight(.python, "JSONDecodeError: Unterminated")]),
        EffectCase("http.malformed", #"{"kind":"badUtf8"}"#, [Sight(.python, "UnicodeDecodeError: 'utf-8' codec")]),
        EffectCase("http.malformed", #"{"kind":"duplicateKeys"}"#, [Sight(.curl, #"{"d":{},"d":{"#)])
            .with(\.also, [.curl: FaultRequest.license]),
        EffectCase("http.malformed", #"{"kind":"deep"}"#, [Sight(.python, "RecursionError")]),
        EffectCase("http.malformed", #"{"kind":"html"}"#, [Sight(.curl, "<!doctype html>")])
            .with(\.also, [.curl: "Content-Type: application/json"]),
    ]
}
