/// `HOST:PORT[,proxy=ADDRESS/BITS]…`: where a listener is to be, and the proxies that it believes.
package struct ListenAddress: Sendable {
    /// `HOST:PORT`, not looked up.
    package let address: String
    /// Whose word on their clients' addresses counts.
    package let proxies: TrustedProxies
    /// What else was said, as `lab=NAME`.
    package let others: [String]

    /// Reads the written form; throws the reason of a refusal.
    package init(_ text: String) throws(Defect) {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        address = parts.removeFirst()
        var blocks: [AddressBlock] = []
        var others: [String] = []
        for part in parts {
            guard part.hasPrefix(Self.proxy) else {
                others.append(part)
                continue
            }
            guard let block = AddressBlock(String(part.dropFirst(Self.proxy.count))) else {
                throw Defect(reason: "\"\(part)\" names no block of addresses, as proxy=10.0.0.0/8 or proxy=::1 does")
            }
            blocks.append(block)
        }
        proxies = TrustedProxies(blocks)
        self.others = others
    }

    private static let proxy = "proxy="

    /// A text that says no such thing.
    package struct Defect: Error {
        /// What is wrong with it.
        package let reason: String
    }
}
