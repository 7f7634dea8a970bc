import SoftToken
import TestKit
import Testing

@Suite
struct `Refusals of what is no request` {
    @Test(arguments: [
        (RequestType.activation, #""license":null,"tokens":[],"result":0,"#), (.provision, #""tokens":[],"result":0,"#),
        (.polling, #""tokens":[],"result":0,"#),
    ])
    func `a wrong field is answered in the type's own shape`(type: RequestType, middle: String) throws {
        var bytes: [UInt8] = []
        let serial = try #require(Serial("FG1"))
        let header = PartialHeader(
            sender: Sender(version: "3", deviceBuild: "1"),
            serial: serial,
            cluster: [serial]
        )
        let peers = [ClusterPeer(serial: serial, isRegistered: false)]
        let answered = type.rawValue.replacing("Request", with: "Response")
        AnswerWriter().appendFieldInvalid(.tokens, of: type, header: header, peers: peers, into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"{"d":{"__type":"\#(answered)","__version":"3","#
                + #""serial_number":"FG1","__device_version":null,"__device_build":"1","#
                + #""__clustered_sns":[{"sn":"FG1","error":"Product is not registered"}],\#(middle)"#
                + #""error":{"error_code":904,"error_message":"request field is missing or invalid: tokens"}}}"# + "\n"
        )
    }

    @Test func `a header of which nothing was understood is null but for the version`() {
        var bytes: [UInt8] = []
        AnswerWriter().appendFieldInvalid(.serialNumber, of: .polling, header: PartialHeader(), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"{"d":{"__type":"SoftToken.PollingResponse","__version":"4","#
                + #""serial_number":null,"__device_version":null,"__device_build":null,"__clustered_sns":[],"#
                + #""tokens":[],"result":0,"error":{"error_code":904,"#
                + #""error_message":"request field is missing or invalid: serial_number"}}}"# + "\n"
        )
    }

    @Test func `a phone's wrong field is answered in the phone's shape`() {
        var bytes: [UInt8] = []
        AnswerWriter().appendFieldInvalid(.mobileID, of: .mobile, header: PartialHeader(), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"d":{"__type":"SoftToken.MobileProvisionResponse","__version":"4","__device_version":null,"#
                + #""__device_build":null,"mobile_id_hash":null,"seed":null,"token":null,"#
                + #""error":{"error_code":904,"error_message":"request field is missing or invalid: mobile_id"}}}"#
                + "\n"
        )
    }

    @Test func `an unknown type is answered with the least that a client looks at`() throws {
        let errors = try ErrorTable(overrides: [.unknownType: ErrorTable.Override(code: 999, text: "what?")])
        var bytes: [UInt8] = []
        AnswerWriter(errors: errors).appendUnknownType(into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"d":{"__type":null,"__version":"4","result":0,"error":{"error_code":999,"error_message":"what?"}}}"#
                + "\n"
        )
    }

    @Test(arguments: JSONError.Kind.allCases)
    func `a body that is no JSON is told the rule and the byte`(kind: JSONError.Kind) {
        var bytes: [UInt8] = []
        AnswerWriter().appendParseFailure(JSONError(kind, at: 17), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"{"Message":"Invalid request: \#(kind.rawValue) at byte 17.","#
                + #""StackTrace":null,"ExceptionType":"System.ArgumentException"}"# + "\n"
        )
    }

    @Test(arguments: Fixture.requests)
    func `every answer is JSON to both readers, wherever the request was cut or spoiled`(fixture: Fixture) throws {
        let writer = AnswerWriter()
        let original = try fixture.bytes
        for index in original.indices {
            for spoiled in [Array(original[..<index]), original[..<index] + [0x37] + original[(index + 1)...]] {
                var bytes: [UInt8] = []
                switch RequestDecoder.decode(spoiled.span, at: .process) {
                case .notJSON(let error): writer.appendParseFailure(error, into: &bytes)
                case .unknownType: writer.appendUnknownType(into: &bytes)
                case .fieldInvalid(let type, let header, let field):
                    writer.appendFieldInvalid(field, of: type, header: header, into: &bytes)
                case .request: continue
                }
                let other = try #require(foundationReading(bytes), "byte \(index)")
                #expect(try JSONTree(bytes).matches(other), "byte \(index)")
            }
        }
    }
}
