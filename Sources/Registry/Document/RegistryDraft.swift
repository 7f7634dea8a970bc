import SoftToken

/// A document that is to be merged into a registry: checked by itself, with references that only the registry can settle.
package struct RegistryDraft: Sendable {
    /// An entry and where it stands, for the refusal that names it.
    struct Placed<Value: Sendable>: Sendable {
        let value: Value
        let path: String
        let line: Int?

        func error(_ reason: String) -> DocumentError { DocumentError(path: path, line: line, reason: reason) }
    }

    var devices: [Placed<Device>] = []
    var licenses: [Placed<License>] = []
    var tokens: [Placed<Token>] = []

    /// What came of merging it.
    package enum Outcome: Sendable, Equatable {
        /// It is merged.
        case merged
        /// It does not fit the registry, and nothing was changed.
        case refused(DocumentError)
    }
}

extension RegistryDraft {
    /// The changes that merge the draft into what the view shows: what it lists replaces or joins what is there.
    ///
    /// The result is held to what a whole document is held to: units and licenses that are named are there, codes and
    /// activation codes stand once, no unit has two trials, no license has more tokens than its size; what is missing to
    /// its size is made up.
    func changes<View: RegistryView>(
        in view: View,
        _ chance: Chance
    ) throws(View.Failure) -> Result<[Change], DocumentError> {
        var changes: [Change] = []
        for entry in devices {
            let isThere = try view.device(entry.value.serial) != nil
            changes.append(isThere ? .updateDevice(entry.value) : .insertDevice(entry.value))
        }
        let listed = Set(devices.map(\.value.serial))
        var sizes: [LicenseNumber: License] = [:]
        for entry in licenses {
            if let error = try defect(of: entry, listed, in: view) { return .failure(error) }
            let isThere = try view.license(entry.value.number) != nil
            changes.append(isThere ? .replaceLicense(entry.value) : .insertLicense(entry.value))
            sizes[entry.value.number] = entry.value
        }
        var added: [LicenseNumber: [TokenSerial]] = [:]
        for entry in tokens {
            let token = entry.value
            guard let license = if let listed = sizes[token.license] { listed } else { try view.license(token.license) }
            else { return .failure(entry.error("\(token.license) is no license, listed or there")) }
            sizes[license.number] = license
            if let claim = token.provisioning?.code.claim, let other = try view.token(claim: claim),
                other.serial != token.serial
            {
                return .failure(entry.error("the token \(other.serial) has the same activation code"))
            }
            if let stored = try view.token(token.serial) {
                guard stored.license == token.license else {
                    return .failure(entry.error("\(token.serial) is a token of \(stored.license)"))
                }
                changes.append(.updateToken(token))
            } else {
                added[token.license, default: []].append(token.serial)
                changes.append(.insertToken(token))
            }
        }
        for license in sizes.values.sorted(by: { $0.number < $1.number }) {
            let there = try view.tokenSerials(of: license.number)
            let missing = license.size - there.count - added[license.number, default: []].count
            guard missing >= 0 else {
                let place = licenses.first { $0.value.number == license.number }
                let reason =
                    "\(license.number) would have \(license.size - missing) tokens, and its size is \(license.size)"
                return .failure(place?.error(reason) ?? DocumentError(path: "tokens", reason: reason))
            }
            changes += try madeUp(
                missing,
                of: license,
                beside: there + added[license.number, default: []],
                view,
                chance
            )
        }
        return .success(changes)
    }

    private func defect<View: RegistryView>(
        of entry: Placed<License>,
        _ listed: Set<Serial>,
        in view: View
    ) throws(View.Failure) -> DocumentError? {
        let license = entry.value
        let units = [license.owner, license.grace?.unit].compactMap(\.self) + license.cluster
        for unit in units where !listed.contains(unit) {
            guard try view.device(unit) != nil else { return entry.error("\(unit) is no device, listed or there") }
        }
        if let code = license.code, let other = try view.license(code: code), other.number != license.number {
            return entry.error("the license \(other.number) has the same code")
        }
        if license.number.isTrial, let owner = license.owner, let other = try view.trial(of: owner),
            other.number != license.number
        {
            return entry.error("\(owner) has a trial already, \(other.number)")
        }
        return nil
    }

    private func madeUp<View: RegistryView>(
        _ count: Int,
        of license: License,
        beside there: [TokenSerial],
        _ view: View,
        _ chance: Chance
    ) throws(View.Failure) -> [Change] {
        var taken = Set(there).union(tokens.map(\.value.serial))
        var made: [Change] = []
        var drawn: UInt64 = 0
        while made.count < count {
            var number = chance.draw(.tokenSerials(license.number), drawn)
            drawn += 1
            // A trial's tokens share their first two digits.
            if license.number.isTrial, let first = there.first {
                number = first.leadingDigits << 32 | number & 0xFFFF_FFFF
            }
            let serial = TokenSerial(number: number)
            guard taken.insert(serial).inserted, try view.token(serial) == nil else { continue }
            made.append(.insertToken(Token(serial: serial, license: license.number)))
        }
        return made
    }
}
