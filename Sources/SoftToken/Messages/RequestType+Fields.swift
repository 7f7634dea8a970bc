extension RequestType {
    /// The paths below `d` of all that an answer to such a request may have, each element of an array as `[]`.
    ///
    /// Where a request is refused, fields are null or arrays empty: these are all that there can be at all.
    package var answerFields: Set<String> {
        var fields = ["__type", "__version", "__device_version", "__device_build"] + Self.error(at: "error")
        if self == .mobile { return Set(fields + ["mobile_id_hash", "seed", "token"]) }
        fields += ["serial_number", "__clustered_sns", "__clustered_sns[]", "__clustered_sns[].sn"]
        // A peer's error is a text alone.
        fields += ["__clustered_sns[].error", "result", "tokens", "tokens[]", "tokens[].token", "tokens[].license"]
        fields += Self.error(at: "tokens[].error")
        switch self {
        case .activation: fields.append("license")
        case .provision: fields += ["tokens[].token_activation_code", "tokens[].qr_code", "tokens[].code_expire"]
        case .polling: fields += ["tokens[].reg_id", "tokens[].os_ver", "tokens[].status"]
        case .mobile: break
        }
        return Set(fields)
    }

    private static func error(at path: String) -> [String] {
        [path, "\(path).error_code", "\(path).error_message"]
    }

    /// The name in a sentence: `a PollingRequest`, `an ActivationLicenseRequest`.
    package var named: String { "\(self == .activation ? "an" : "a") \(shortName)" }
}
