package import Registry

extension RegistryStore {
    /// The whole registry as it stands.
    package func export() throws(StoreError) -> RegistryDocument {
        let rows = try makeRows()
        var (devices, licenses, tokens): ([Device], [License], [Token]) = ([], [], [])
        while let row = try rows.next() {
            switch row {
            case .device(let device): devices.append(device)
            case .license(let license): licenses.append(license)
            case .token(let token): tokens.append(token)
            }
        }
        return RegistryDocument(devices: devices, licenses: licenses, tokens: tokens)
    }
}
