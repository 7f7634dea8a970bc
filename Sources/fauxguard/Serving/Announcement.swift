import IO
import Lab
import Notation
import Registry
import Server
import SoftToken

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
        if let (_, address, lab) = listeners.first { lines += [""] + exampleLines(at: address, lab) }
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

/// The request that the banner shows: one that the registry which was loaded answers well.
enum BannerExample {
    /// A code that this unit may redeem; again, where it did before.
    case redeem(RedemptionCode, by: Serial, isAgain: Bool)
    /// A poll by a unit that has nothing to redeem.
    case poll(by: Serial)
    /// There is no registered unit.
    case nobody

    /// How many licenses and units are looked at: a start does not wait for a large registry.
    private static let limit = 1000

    /// Finds one in the lab: a code that nobody redeemed, or one that its owner may redeem again.
    init(for lab: Lab) throws(StoreError) {
        let browser = try lab.store.makeBrowser()
        let units = try browser.devices(after: nil, limit: Self.limit, registered: true).items.map(\.serial)
        guard let first = units.first else {
            self = .nobody
            return
        }
        let licenses = try browser.licenses(after: nil, limit: Self.limit, owner: nil).items
        let usable = licenses.filter { !$0.isRevoked && $0.code != nil }
        let today = CalendarDay(containing: lab.clock.now)
        func isInTime(_ license: License) -> Bool {
            guard let lastDay = license.validUntil, let today else { return true }
            return lastDay.start >= today.start
        }
        // The vendor's appliance is what most people have; its serials begin so. A unit that has a license, or whose
        // peer has, is in somebody's story, which a further license would change.
        let served = Set(licenses.flatMap { ($0.owner.map { [$0] } ?? []) + $0.cluster })
        let appliances = units.filter { $0.description.hasPrefix("FGT") }
        let unit = appliances.first { !served.contains($0) } ?? appliances.first ?? first
        if let code = usable.first(where: { $0.owner == nil && isInTime($0) })?.code {
            self = .redeem(code, by: unit, isAgain: false)
        } else if let owned = usable.first(where: { $0.owner.map(units.contains) == true }), let code = owned.code,
            let owner = owned.owner
        {
            self = .redeem(code, by: owner, isAgain: true)
        } else {
            self = .poll(by: unit)
        }
    }
}

/// How the example is shown.
extension Announcement {
    /// What the example does, and a command to copy that leads to a listener, or to the admin plane of its lab.
    private func exampleLines(at address: SocketAddress, _ lab: String) -> [String] {
        switch example {
        case .redeem(let code, let serial, let isAgain):
            let body =
                "\"__type\":\"SoftToken.ActivationLicenseRequest\",\"license_activation_code\":\"\(code.text)\","
                + Self.unit(serial)
            let title = "Redeem a license of the lab\(isAgain ? ", as its unit did before" : ""):"
            return [title, "", command(body, at: address)]
        case .poll(let serial):
            let body = "\"__type\":\"SoftToken.PollingRequest\",\"tokens\":[]," + Self.unit(serial)
            return ["Poll as a unit of the lab, which has no code to redeem:", "", command(body, at: address)]
        case .nobody:
            return ["No unit is registered; add one: fauxguard device add FGT60FTK20000001" + options(for: lab)]
        }
    }

    /// What tells a command where the lab is, unless it looks there anyway.
    private func options(for lab: String) -> String {
        var options = ""
        func add(_ option: String, _ value: String) { options += " \(option) \(Self.quoted(value))" }
        if adminURL != AdminOptions.standardAdmin { add("--admin", adminURL) }
        if lab != AdminOptions.standardLab { add("--lab", lab) }
        if let tokenFile { add("--token-file", tokenFile) }
        if admin.speaksTLS, !AdminOptions.standardCA.hasSuffix("/" + authority) { add("--ca", authority) }
        return options
    }

    private static func unit(_ serial: Serial) -> String {
        """
        "serial_number":"\(serial)","__version":"4","__device_version":"7.0","__device_build":"2573",\
        "__clustered_sns":[{"sn":"\(serial)"}]
        """
    }

    private func command(_ body: String, at address: SocketAddress) -> String {
        let url = "https://localhost:\(address.port)/SoftToken/Provisioning.asmx/Process"
        let isLocal = Self.isLocalhost(address.host)
        var ways = isLocal ? "" : "--connect-to ::\(address) "
        // Who connects to an address of this host has that address, or loopback's.
        let clients = isLocal ? Self.loopback : [address.host]
        if clients.contains(where: proxies.cover) { ways += "--haproxy-protocol " }
        return "  curl --cacert \(Self.quoted(authority)) \(ways)\(url) -d '{\"d\":{\(body)}}'"
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x2D...0x3A).contains(byte) || byte == 0x5F
        }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }

    private static let loopback: [SocketAddress.Host] = [.v4(0x7F00_0001), .v6(0, 1, scope: 0)]

    /// Whether `localhost` leads there: the certificate carries that name, and rarely an address.
    private static func isLocalhost(_ host: SocketAddress.Host) -> Bool {
        switch host {
        case .v4(let address): address == 0 || address == 0x7F00_0001
        case .v6(let high, let low, _): high == 0 && low <= 1
        }
    }
}
