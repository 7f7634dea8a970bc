import SoftToken
import Testing

@Suite
struct `Request fields` {
    private static let optional: Set<RequestField> = [
        .version, .deviceVersion, .deviceBuild, .cluster, .registrationID, .osVersion,
    ]

    @Test(arguments: Draft.all)
    func `a request with every field is understood`(draft: Draft) throws {
        #expect(try draft.fault == nil)
    }

    @Test(arguments: Draft.all)
    func `an absent or null field is refused where it is required`(draft: Draft) throws {
        for member in draft.members {
            let field = try #require(RequestField(rawValue: member.name))
            let expected = Self.optional.contains(field) ? nil : field
            #expect(try draft.replacing(member.name, with: nil).fault == expected, "\(member.name) absent")
            #expect(try draft.replacing(member.name, with: "null").fault == expected, "\(member.name) null")
        }
    }

    @Test(
        arguments: Draft.all,
        ["7", "true", "{}", #"{"sn":"FG140E4Q17000494"}"#, "1e3", "false", "[7]", #"[["FG1"]]"#]
    )
    func `a field of the wrong type is refused by name`(draft: Draft, value: String) throws {
        for member in draft.members where member.name != "tokens" || !value.hasPrefix("[") {
            let field = try #require(RequestField(rawValue: member.name))
            #expect(try draft.replacing(member.name, with: value).fault == field, "\(member.name): \(value)")
        }
    }

    @Test(arguments: Draft.all)
    func `of several wrong fields the first in published order is named`(draft: Draft) throws {
        var spoiled = draft
        for member in draft.members.reversed() {
            spoiled = spoiled.replacing(member.name, with: "7")
            #expect(try spoiled.fault == RequestField(rawValue: member.name))
        }
    }

    @Test(arguments: Draft.all)
    func `a field of another type is skipped`(draft: Draft) throws {
        var extended = draft
        for field in RequestField.allCases where !draft.members.contains(where: { $0.name == field.name }) {
            extended.members.append((field.name, "7"))
        }
        #expect(extended.members.count == RequestField.allCases.count)
        #expect(extended.decoded == draft.decoded)
    }

    @Test(arguments: [
        ("__version", 0, 32), ("__device_version", 0, 32), ("__device_build", 0, 32), ("mobile_id", 1, 64),
        ("reg_id", 0, 256), ("os_ver", 0, 15),
    ])
    func `a text has its bounds in bytes`(name: String, least: Int, most: Int) throws {
        let draft = Draft.mobile
        let field = try #require(RequestField(rawValue: name))
        func text(_ count: Int) -> String { "\"" + String(repeating: "x", count: count) + "\"" }
        #expect(try draft.replacing(name, with: text(least)).fault == nil)
        #expect(try draft.replacing(name, with: text(most)).fault == nil)
        #expect(try draft.replacing(name, with: text(most + 1)).fault == field)
        #expect(try draft.replacing(name, with: text(most - 1).replacing("x\"", with: "ä\"")).fault == nil)
        #expect(try draft.replacing(name, with: text(most).replacing("x\"", with: "ä\"")).fault == field)
        #expect(try draft.replacing(name, with: text(most).replacing("x", with: #"\u0078"#)).fault == nil)
        if least > 0 {
            #expect(try draft.replacing(name, with: text(least - 1)).fault == field)
        }
    }

    @Test(arguments: ["", "FG140E4Q170004944", "fg140e4q17000494", "FG 1", "FGÄ", #"FG\n"#, "FG_1"])
    func `a malformed serial is refused, the unit's and a peer's`(serial: String) throws {
        #expect(try Draft.polling.replacing("serial_number", with: "\"\(serial)\"").fault == .serialNumber)
        let peers = #"[{"sn":"FG1"},{"sn":"\#(serial)"}]"#
        #expect(try Draft.polling.replacing("__clustered_sns", with: peers).fault == .cluster)
    }

    @Test(arguments: [
        #"[{}]"#, #"[null]"#, #"["FG1"]"#, #"[{"sn":null}]"#, #"[{"sn":7}]"#, #"[{"SN":"FG1"}]"#, #"[[]]"#,
    ])
    func `a peer without a serial spoils the cluster`(value: String) throws {
        #expect(try Draft.activation.replacing("__clustered_sns", with: value).fault == .cluster)
    }

    @Test func `a cluster may be empty and has at most so many peers`() throws {
        func peers(_ count: Int) -> String {
            "[" + (0..<count).map { #"{"sn":"FG\#($0)"}"# }.joined(separator: ",") + "]"
        }
        for count in [0, 1, MessageLimits.peers] {
            #expect(try Draft.polling.replacing("__clustered_sns", with: peers(count)).fault == nil)
        }
        #expect(try Draft.polling.replacing("__clustered_sns", with: peers(MessageLimits.peers + 1)).fault == .cluster)
    }

    @Test(arguments: [
        "", "DA8C05081F314CF7C990", "DA8C-0508-1F31-4CF7-C99", "DA8C-0508-1F31-4CF7-C99G", "DA8C_0508-1F31-4CF7-C990",
    ])
    func `a malformed redemption code is refused`(code: String) throws {
        #expect(try Draft.activation.replacing("license_activation_code", with: "\"\(code)\"").fault == .redemptionCode)
    }

    @Test(arguments: ["", "0123456789ABCDE", "0123456789ABCDEF0", "0123456789ABCDEG", "EEIOTCU3LENEDJMR"])
    func `a claim that is no sixteen digits is a code that nobody was given`(text: String) {
        guard
            case .request(.mobile(let request)) = Draft.mobile.replacing("token_activation_code", with: "\"\(text)\"")
                .decoded
        else {
            Issue.record("the request is understood")
            return
        }
        #expect(request.claim == nil)
    }

    // A field report: a phone's author who sends what a person would type was told nothing but that the code is
    // invalid.
    @Test(
        arguments: [
            ("EEIOTCU3LENEDJMR", true), ("eeiotcu3lenedjmr", true), ("EEIO-TCU3-LENE-DJMR", true),
            ("EEIO TCU3 LENE DJMR", true), ("2110E98A9B591A41A591", true), ("2110e98a9b591a41a591", true),
            ("0123456789ABCDEF", false), ("EEIOTCU3LENEDJM", false), ("EEIOTCU3LENEDJM1", false), ("", false),
            ("0110E98A9B591A41A591", false), ("no code at all", false),
            (String(repeating: "-", count: 33), false),
        ]
    )
    func `a whole activation code in the place of its claim is known for one`(text: String, isWhole: Bool) {
        let draft = Draft.mobile.replacing("token_activation_code", with: "\"\(text)\"")
        guard case .request(.mobile(let request)) = draft.decoded else {
            Issue.record("the request is understood")
            return
        }
        #expect(request.hasWholeCode == isWhole)
        #expect(isWhole ? request.claim == nil : true)
    }

    // FC-190967: an Android phone's push token is no hexadecimal number, and its version fills the appliance's field.
    @Test(arguments: [152, 256])
    func `an Android phone's identifiers are read whole`(length: Int) {
        let registration = String(("fQ3:APA91b_x-Y" + String(repeating: "aB3_-", count: 60)).prefix(length))
        let draft = Draft.mobile.replacing("reg_id", with: "\"\(registration)\"")
            .replacing("os_ver", with: #""4.7.1.0100_AND""#)
        guard case .request(.mobile(let request)) = draft.decoded else {
            Issue.record("the request is understood")
            return
        }
        #expect(request.registrationID == registration)
        #expect(request.osVersion == "4.7.1.0100_AND")
    }

    @Test func `what was understood of the header comes with the fault`() throws {
        let draft = Draft.polling.replacing("tokens", with: nil).replacing("__device_build", with: "7")
        guard case .fieldInvalid(.polling, let header, .deviceBuild) = draft.decoded else {
            Issue.record("the build is at fault")
            return
        }
        let expected = PartialHeader(
            sender: Sender(version: "4", deviceVersion: "7.0"),
            serial: Serial("FG140E4Q17000494"),
            cluster: [try #require(Serial("FG140E4Q17000407"))]
        )
        #expect(header == expected)
    }
}
