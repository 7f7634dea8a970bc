import IO
import Notation
import Server

/// What `serve` says when every listener accepts: to people as a banner, to scripts as a file.
struct Announcement {
    let listeners: [(name: String, address: SocketAddress, lab: String)]
    /// Whose PROXY protocol headers the first of them takes.
    let proxies: TrustedProxies
    let admin: (address: SocketAddress, speaksTLS: Bool)
    let tokenFile: String?
    let authorityListener: SocketAddress?
    let authority: String
    let fingerprint: String
    let data: String
    let seed: UInt64
    let example: BannerExample

    private var adminURL: String { "\(admin.speaksTLS ? "https" : "http")://\(admin.address)" }

    /// Prints the banner to standard output.
    func print() {
        var lines = ["FauxGuard \(Server.version): a LAB stand-in, not the vendor's service"]
        for (name, address, _) in listeners { lines.append("  listening  https://\(address)  (\(name))") }
        lines.append("  admin      \(adminURL)")
        if let address = authorityListener {
            lines.append("  CA         http://\(address)/ca.pem, /ca.crt, /service.crl, /ocsp")
        }
        lines.append("  trust      \(authority)")
        lines.append("             SHA-256 \(fingerprint)")
        lines.append("  data       \(data)")
        lines.append("  seed       \(seed)")
        if let (_, address, lab) = listeners.first {
            let place = BannerExample.Place(
                address: address,
                proxies: proxies,
                authority: authority,
                lab: lab,
                admin: adminURL,
                tokenFile: tokenFile
            )
            lines.append("")
            lines += example.lines(at: place)
        }
        StandardStream.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: StandardStream.output)
    }

    /// The ready file's content; `pki` is absent where there is no such listener.
    func document() -> [UInt8] {
        var addresses: [JSONValue.Member] = []
        for (name, address, _) in listeners where addresses[name] == nil { addresses[name] = .string("\(address)") }
        let object = JSONValue.members([
            ("pid", .integer(Int(Process.id))), ("version", .string(Server.version)),
            ("listen", .array(listeners.map { .string("\($0.address)") })), ("listeners", .object(addresses)),
            ("admin", .string(adminURL)), ("pki", authorityListener.map { .string("http://\($0)") }),
            ("ca", .string(authority)), ("data", .string(data)),
            // It may be larger than a signed number.
            ("seed", .written("\(seed)")),
        ])
        return object.line + [0x0A]
    }
}
