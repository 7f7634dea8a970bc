import TLS

/// Requests of the provisioning service as a unit or a phone writes them, and answers taken apart.
package enum WireMessage {
    /// Redeems a code.
    package static func activation(_ code: String = code, by serial: String = unit, with peers: [String] = []) -> String
    {
        "{\"d\":{\(head("ActivationLicense", serial, peers)),\"license_activation_code\":\"\(code)\"}}"
    }

    /// Lodges a seed for each token.
    package static func provision(
        _ tokens: [String] = [token],
        by serial: String = unit,
        with peers: [String] = [],
        seed: String = seed,
        codeExpire: Int = 4320
    ) -> String {
        let entries = tokens.map { token in
            "{\"token\":\"\(token)\",\"seed\":\"\(seed)\",\"code_expire\":\(codeExpire),"
                + "\"type\":\"totp\",\"period\":60,\"digits\":6}"
        }
        return "{\"d\":{\(head("Provision", serial, peers)),\"tokens\":[\(entries.joined(separator: ","))]}}"
    }

    /// Asks for tokens' states.
    package static func polling(_ tokens: [String] = [token], by serial: String = unit, with peers: [String] = [])
        -> String
    {
        let entries = tokens.map { "{\"token\":\"\($0)\"}" }
        return "{\"d\":{\(head("Polling", serial, peers)),\"tokens\":[\(entries.joined(separator: ","))]}}"
    }

    /// Redeems the 16 digits of an activation code as a phone.
    package static func mobile(_ digits: String, phone: String = "0123456789ABCDEF") -> String {
        "{\"d\":{\"mobile_id\":\"\(phone)\",\"__type\":\"SoftToken.MobileProvisionRequest\","
            + "\"token_activation_code\":\"\(digits)\"}}"
    }

    /// The last eight bytes of an activation code's ten, as hexadecimal digits: what a phone sends.
    package static func digits(ofActivationCode code: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var bits: [Bool] = []
        for character in code {
            let value = alphabet.firstIndex(of: character) ?? 0
            bits += (0..<5).reversed().map { value >> $0 & 1 == 1 }
        }
        return stride(from: 16, to: bits.count, by: 4)
            .map { start in
                String(bits[start..<start + 4].reduce(0) { $0 * 2 + ($1 ? 1 : 0) }, radix: 16, uppercase: true)
            }
            .joined()
    }

    /// A registered unit of the demo lab, which asks where no other is named.
    package static let unit = "FGT60FTK20000001"
    /// A code of the demo lab that it can redeem.
    package static let code = "0F1E-2D3C-4B5A-6978-8796"
    /// A token of the demo lab, which another unit has.
    package static let token = "FTKMOB947FDC1754"
    /// A seed that no test needs to be another.
    package static let seed = "0123456789ABCDEF0123456789ABCDEF01234567"

    private static func head(_ type: String, _ serial: String, _ peers: [String]) -> String {
        let members = ([serial] + peers).map { "{\"sn\":\"\($0)\"}" }.joined(separator: ",")
        return "\"__type\":\"SoftToken.\(type)Request\",\"__version\":\"4\",\"serial_number\":\"\(serial)\","
            + "\"__device_version\":\"7.0\",\"__device_build\":\"2573\",\"__clustered_sns\":[\(members)]"
    }

    /// Every text value of `name` in an answer, in its order.
    package static func values(of name: String, in answer: String) -> [String] {
        answer.split(separator: "\"\(name)\":\"").dropFirst()
            .compactMap { rest in
                rest.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
            }
    }

    /// How an error looks in an answer.
    package static func error(_ code: Int, _ text: String) -> String {
        "\"error\":{\"error_code\":\(code),\"error_message\":\"\(text)\"}"
    }
}

/// What a phone's answer carries, made a second time to compare with.
package enum Sealing {
    /// The Base64 text of a seed, given as 40 hexadecimal digits, for the phone with this identifier.
    package static func base64(ofSeed seed: String, forPhone phone: String) -> String {
        let digits = Array(seed.utf8)
        let identifier = Array(phone.utf8)
        return String(decoding: SealedSeed(digits: digits.span, mobileID: identifier.span).base64, as: UTF8.self)
    }
}
