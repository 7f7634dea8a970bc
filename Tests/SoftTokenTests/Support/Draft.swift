import SoftToken
import TestKit
import Testing

/// A request as a list of members, to be spoiled one at a time.
struct Draft: Sendable, CustomTestStringConvertible {
    var type: RequestType
    var members: [(name: String, value: String)]

    var testDescription: String { "\(type)" }

    static let head: [(name: String, value: String)] = [
        ("__version", #""4""#), ("__device_version", #""7.0""#), ("__device_build", #""2573""#),
        ("serial_number", #""FG140E4Q17000494""#), ("__clustered_sns", #"[{"sn":"FG140E4Q17000407"}]"#),
    ]
    static let activation = Draft(
        type: .activation,
        members: head + [("license_activation_code", #""DA8C-0508-1F31-4CF7-C990""#)]
    )
    static let provision = Draft(
        type: .provision,
        members: head + [
            (
                "tokens",
                #"[{"token":"FTKMOB947FDC1754","seed":"\#(String(repeating: "A8", count: 20))","code_expire":60}]"#
            )
        ]
    )
    static let polling = Draft(type: .polling, members: head + [("tokens", #"[{"token":"FTKMOB947FDC1754"}]"#)])
    static let mobile = Draft(
        type: .mobile,
        members: Array(head.prefix(3)) + [
            ("mobile_id", #""0123456789abcdef""#), ("token_activation_code", #""0123456789ABCDEF""#),
            ("reg_id", #""r""#), ("os_ver", #""5.4.2_IOS""#),
        ]
    )
    static let all = [activation, provision, polling, mobile]

    func replacing(_ name: String, with value: String?) -> Draft {
        var copy = self
        copy.members = members.compactMap { $0.name == name ? value.map { (name, $0) } : $0 }
        return copy
    }

    var decoded: Decoded {
        let text = members.map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",")
        let bytes = Array(#"{"d":{"__type":"\#(type.rawValue)",\#(text)}}"#.utf8)
        return RequestDecoder.decode(bytes.span, at: type.endpoint)
    }

    /// The field that the decoder found at fault, or nil where it understood the request.
    var fault: RequestField? {
        get throws {
            switch decoded {
            case .request: return nil
            case .fieldInvalid(type, _, let field): return field
            default: throw UnexpectedResult(decoded: decoded)
            }
        }
    }
}

/// A request that came to something else than the test sent.
struct UnexpectedResult: Error {
    var decoded: Decoded
}
