import Foundation
import TestKit

/// One state of a lab, as its export and its clock tell it.
struct KillState {
    /// A license as it was exported.
    struct License {
        let size: Int
        let owner: String?
        var tokens: Set<String> = []
    }

    /// The licenses by number.
    private(set) var licenses: [String: License] = [:]
    /// The devices.
    let devices: Set<String>
    /// The locked tokens.
    private(set) var locked: Set<String> = []

    /// Reads an export; throws a ``KillViolation`` where a license has fewer tokens than it should, or more.
    init(_ export: AdminPlane.Reply) throws {
        func entries(_ name: String) -> [[String: Any]] { export[name] as? [[String: Any]] ?? [] }
        guard export.status == 200 else { throw KillViolation("the export was answered \(export.text.prefix(500))") }
        devices = Set(entries("devices").compactMap { $0["serial"] as? String })
        for entry in entries("licenses") {
            guard let number = entry["number"] as? String, let size = entry["size"] as? Int else {
                throw KillViolation("the export has a license \(entry)")
            }
            licenses[number] = License(size: size, owner: entry["owner"] as? String)
        }
        for entry in entries("tokens") {
            guard let serial = entry["serial"] as? String, let license = entry["license"] as? String else {
                throw KillViolation("the export has a token \(entry)")
            }
            licenses[license]?.tokens.insert(serial)
            if entry["locked"] as? Bool == true { locked.insert(serial) }
        }
        for (number, license) in licenses where license.tokens.count != license.size {
            throw KillViolation("license \(number) of \(license.size) has \(license.tokens.count) tokens")
        }
    }
}

/// Holding the server to what operators were answered.
extension KillOperator {
    /// Compares all that was answered with a state that nobody else is changing, and enters what a kill left open.
    mutating func audit(_ state: KillState) throws {
        let open = unanswered
        unanswered = nil
        switch open {
        case .issue(let number?, let size):
            if let found = state.licenses[number] {
                guard found.size == size else {
                    throw KillViolation("license \(number) of \(size), unanswered, has the size \(found.size)")
                }
                licenses[number] = License(tokens: found.tokens)
            }
        case .device(let serial): if state.devices.contains(serial) { devices.insert(serial) }
        case .lock(let token, let isLocked):
            if state.locked.contains(token) == isLocked {
                if isLocked { locked.insert(token) } else { locked.remove(token) }
            }
        case .transfer(let number, let unit):
            if state.licenses[number]?.owner == unit { licenses[number]?.owner = unit }
        case .issue(nil, _), nil: break
        }
        guard devices.isSubset(of: state.devices) else {
            throw KillViolation("devices are gone: \(devices.subtracting(state.devices))")
        }
        for (number, license) in licenses {
            guard let found = state.licenses[number] else { throw KillViolation("license \(number) is gone") }
            if license.tokens.isEmpty { licenses[number]?.tokens = found.tokens }
            guard license.tokens.isEmpty || license.tokens == found.tokens, license.owner == found.owner else {
                throw KillViolation("license \(number) was \(license) and is \(found)")
            }
            let own = found.tokens.intersection(state.locked)
            guard own == found.tokens.intersection(locked) else {
                throw KillViolation("of license \(number), \(own) are locked, not \(found.tokens.intersection(locked))")
            }
        }
    }
}
