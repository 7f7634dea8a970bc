import IO
import Lab
import Registry
import SoftToken

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
        let units = try browser.devices(limit: Self.limit, registered: true).items.map(\.serial)
        guard let first = units.first else {
            self = .nobody
            return
        }
        let usable = try browser.licenses(limit: Self.limit).items.filter { !$0.isRevoked && $0.code != nil }
        let today = CalendarDay(containing: lab.clock.now)
        func isInTime(_ license: License) -> Bool {
            guard let lastDay = license.validUntil, let today else { return true }
            return lastDay.start >= today.start
        }
        // The vendor's appliance is what most people have; its serials begin so.
        let unit = units.first { $0.description.hasPrefix("FGT") } ?? first
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

    /// The lines that show it: what it does, and a command to copy.
    func lines(at address: SocketAddress, trusting authority: String) -> [String] {
        switch self {
        case .redeem(let code, let serial, let isAgain):
            let body =
                "\"__type\":\"SoftToken.ActivationLicenseRequest\",\"license_activation_code\":\"\(code.text)\","
                + Self.unit(serial)
            let title = "Redeem a license of the lab\(isAgain ? ", as its unit did before" : ""):"
            return [title, "", command(body, at: address, trusting: authority)]
        case .poll(let serial):
            let body = "\"__type\":\"SoftToken.PollingRequest\",\"tokens\":[]," + Self.unit(serial)
            return [
                "Poll as a unit of the lab, which has no code to redeem:", "",
                command(body, at: address, trusting: authority),
            ]
        case .nobody:
            return ["No unit is registered; add one: fauxguard device add FGT60FTK20000001"]
        }
    }

    private static func unit(_ serial: Serial) -> String {
        """
        "serial_number":"\(serial)","__version":"4","__device_version":"7.0","__device_build":"2573",\
        "__clustered_sns":[{"sn":"\(serial)"}]
        """
    }

    private func command(_ body: String, at address: SocketAddress, trusting authority: String) -> String {
        let quoted = "'\(authority.replacing("'", with: "'\\''"))'"
        let isPlain = authority.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x2D...0x39).contains(byte) || byte == 0x5F
        }
        let url = "https://localhost:\(address.port)/SoftToken/Provisioning.asmx/Process"
        let way = Self.isLocalhost(address.host) ? "" : "--connect-to ::\(address) "
        return "  curl --cacert \(isPlain ? authority : quoted) \(way)\(url) -d '{\"d\":{\(body)}}'"
    }

    /// Whether `localhost` leads there: the certificate carries that name, and rarely an address.
    private static func isLocalhost(_ host: SocketAddress.Host) -> Bool {
        switch host {
        case .v4(let address): address == 0 || address == 0x7F00_0001
        case .v6(let high, let low, _): high == 0 && low <= 1
        }
    }
}
