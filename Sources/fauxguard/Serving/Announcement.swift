import FoundationEssentials
import IO
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

    /// The ready file's object.
    private struct Document: Encodable {
        let pid: Int32
        let version: String
        let listen: [String]
        let listeners: [String: String]
        let admin: String
        /// Absent where there is no such listener.
        let pki: String?
        let ca: String
        let data: String
        let seed: UInt64
    }

    /// The ready file's content.
    func document() throws -> [UInt8] {
        let object = Document(
            pid: Process.id,
            version: Server.version,
            listen: listeners.map { "\($0.address)" },
            listeners: Dictionary(listeners.map { ($0.name, "\($0.address)") }) { first, _ in first },
            admin: adminURL,
            pki: authorityListener.map { "http://\($0)" },
            ca: authority,
            data: data,
            seed: seed
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return try Array(encoder.encode(object)) + [0x0A]
    }
}
