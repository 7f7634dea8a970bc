/// The stretches between an answer's values, in the published order (docs/protocol.md sections 2 and 3).
extension JSONFragment {
    /// From an answer's first byte to its version.
    static func head(of type: RequestType) -> JSONFragment {
        switch type {
        case .activation: activationHead
        case .provision: provisionHead
        case .polling: pollingHead
        case .mobile: mobileHead
        }
    }

    private static let activationHead = makeHead(of: .activation)
    private static let provisionHead = makeHead(of: .provision)
    private static let pollingHead = makeHead(of: .polling)
    private static let mobileHead = makeHead(of: .mobile)

    private static func makeHead(of type: RequestType) -> JSONFragment {
        JSONFragment(#"{"d":{"__type":"\#(type.answerName)","__version":"#)
    }

    static let deviceVersion = JSONFragment(#""__device_version":"#)
    static let deviceBuild = JSONFragment(#""__device_build":"#)
    static let null = JSONFragment("null")
    static let noError = JSONFragment(#""error":null"#)
    static let errorCode = JSONFragment(#""error":{"error_code":"#)
    static let errorMessage = JSONFragment(#""error_message":"#)
    static let end = JSONFragment("}}")
}

/// Those of answers to appliances.
extension JSONFragment {
    static let serialNumber = JSONFragment(#""serial_number":"#)
    static let cluster = JSONFragment(#""__clustered_sns":["#)
    static let peer = JSONFragment(#"{"sn":"#)
    static let registeredPeer = JSONFragment(#""error":null}"#)
    static let unregisteredPeer = JSONFragment(#""error":"\#(ErrorTable.unregisteredPeer)"}"#)
    static let tokens = JSONFragment(#""tokens":["#)
    static let worked = JSONFragment(#""result":1"#)
    static let failed = JSONFragment(#""result":0"#)
}

/// Those of a token among several.
extension JSONFragment {
    static let token = JSONFragment(#"{"token":"#)
    static let license = JSONFragment(#""license":"#)
    static let activationCode = JSONFragment(#""token_activation_code":"#)
    static let qrCode = JSONFragment(#""qr_code":"#)
    static let codeExpire = JSONFragment(#""code_expire":"#)
    static let nothingProvisioned = JSONFragment(
        #""license":null,"token_activation_code":null,"qr_code":null,"code_expire":null"#
    )
    static let registrationID = JSONFragment(#""reg_id":"#)
    static let osVersion = JSONFragment(#""os_ver":"#)
    /// What no phone has said of a token that none has claimed.
    static let unclaimed = JSONFragment(#""reg_id":null,"os_ver":null"#)
    static let status = JSONFragment(#""status":"#)
    static let nothingFound = JSONFragment(#""license":null,"reg_id":null,"os_ver":null,"status":null"#)
}

/// Those of an answer to a phone.
extension JSONFragment {
    static let mobileIDHash = JSONFragment(#""mobile_id_hash":"#)
    static let seed = JSONFragment(#""seed":"#)
    static let mobileToken = JSONFragment(#""token":"#)
    static let nothingGranted = JSONFragment(#""mobile_id_hash":null,"seed":null,"token":null"#)
}
