package import SoftToken

extension RequestDecoder {
    /// Decodes one body, for one who keeps no lists.
    package static func decode(_ bytes: Span<UInt8>, at endpoint: Endpoint) -> Decoded {
        var lists = RequestLists()
        return decode(bytes, at: endpoint, keeping: &lists)
    }
}
