import Registry
import SoftToken

/// Something that is done to the registry once a scenario's rows are merged: an operation that operators have too.
enum ScenarioStep: Sendable {
    /// Gives a license to another unit; the former owner goes on for so many seconds.
    case transfer(LicenseNumber, to: Serial, graceSeconds: Int64)
    /// Puts another unit in the place of one that broke.
    case replace(Serial, with: Serial)
    /// Ends a token's activation code now.
    case expire(TokenSerial)

    /// The operation.
    var operation: RegistryOperation {
        switch self {
        case .transfer(let number, let unit, let grace): .transferLicense(number, to: unit, graceSeconds: grace)
        case .replace(let unit, let other): .replaceDevice(unit, with: other)
        case .expire(let token): .expire(token)
        }
    }

    /// Reads a step: a mapping with the one key that names what is done.
    init(_ node: DocumentNode, at path: String) throws(DocumentError) {
        let step = try ScenarioFields(node, at: path, keys: ["transfer", "replace", "expire"])
        guard case .mapping(let members) = node.content, members.count == 1 else {
            throw step.error(nil, "a step is one of transfer, replace and expire")
        }
        if step.has("transfer") {
            let fields = try step.fields("transfer", keys: ["license", "to", "graceSeconds"])
            self = .transfer(
                try fields.required("license", "a license's number") { LicenseNumber($0) },
                to: try fields.required("to", "a serial") { Serial($0) },
                graceSeconds: try fields.value("graceSeconds", "a whole number of seconds, ten years at most") {
                    Int64($0).flatMap { (0...Rules.longestGrace).contains($0) ? $0 : nil }
                } ?? 0
            )
        } else if step.has("replace") {
            let fields = try step.fields("replace", keys: ["device", "with"])
            self = .replace(
                try fields.required("device", "a serial") { Serial($0) },
                with: try fields.required("with", "a serial") { Serial($0) }
            )
        } else {
            self = .expire(try step.required("expire", "a token's serial") { TokenSerial($0) })
        }
    }

    /// The step as the API shows it, which is as it is written.
    var json: JSONValue {
        switch self {
        case .transfer(let number, let unit, let grace):
            [
                "transfer": [
                    "license": .string("\(number)"), "to": .string("\(unit)"), "graceSeconds": .integer(Int(grace)),
                ]
            ]
        case .replace(let unit, let other):
            ["replace": ["device": .string("\(unit)"), "with": .string("\(other)")]]
        case .expire(let token): ["expire": .string("\(token)")]
        }
    }
}
