import TestKit

/// What the service says.
extension EffectCase {
    /// Another unit than the bystanders', and the answer that it had before.
    private static let otherUnit = "FGT60FTK20000002"

    static let service: [EffectCase] = [
        EffectCase("service.error", #"{"code":17}"#)
            .with(\.request, FaultRequest.provision)
            .with(\.registry, .unchanged),
        EffectCase("service.partial")
            .with(\.request, FaultRequest.pollOfTwo)
            .with(\.also, [.curl: #""token":"FTKMOB83F91CD33B","license":"FTMTRIAL02062407""#]),
        EffectCase("service.dropField", #"{"field":"error"}"#),
        EffectCase("service.nullField", #"{"field":"tokens[0].license"}"#),
        EffectCase("service.wrongSerial"),
        EffectCase("service.stale")
            .with(\.request, WireMessage.polling(["FTKMOB83F91CD33B"], by: otherUnit))
            .with(\.priming, WireMessage.polling(["FTKMOB0123456789"], by: otherUnit))
            .with(\.also, [.curl: "FTKMOB0123456789", .python: "FTKMOB0123456789"]),
    ]

    static let serviceKinds: [EffectCase] = [
        EffectCase(
            "service.error",
            #"{"code":12345,"message":"new","at":"token"}"#,
            [
                Sight(.curl, #""error":{"error_code":12345,"error_message":"new"}"#),
                Sight(.python, "{'error_code': 12345, 'error_message': 'new'}"),
            ]
        )
        .with(\.request, FaultRequest.provision)
        .with(\.also, [.curl: #""error":{"error_code":17,"#])
        .with(\.registry, .unchanged),
        EffectCase(
            "service.error",
            #"{"code":1,"message":"no","at":"peer"}"#,
            [Sight(.curl, #"{"sn":"FGT3HD3915801685","error":"no"}"#)]
        )
        .with(\.also, [.curl: #""result":0,"error":{"error_code":17,"#])
        .with(
            \.request,
            WireMessage.provision(["FTKMOB947FDC1754"], by: "FG100FTK20009876", with: ["FGT3HD3915801685"])
        )
        .with(\.registry, .unchanged),
        EffectCase("service.error", #"{"code":14}"#, [Sight(.curl, #"{"error_code":14,"error_message":"#)]),
        EffectCase(
            "service.partial",
            #"{"fraction":0.9,"code":905,"message":"locked"}"#,
            [Sight(.curl, #""error":{"error_code":905,"error_message":"locked"}"#)]
        )
        .with(\.request, FaultRequest.pollOfTwo)
        .with(\.also, [.curl: #""result":1"#]),
        EffectCase("service.dropField", #"{"field":"tokens[*].license"}"#, [Sight(.python, "KeyError: 'license'")]),
        EffectCase("service.nullField", #"{"field":"serial_number"}"#, [Sight(.curl, #""serial_number":null"#)]),
        EffectCase(
            "service.wrongSerial",
            #"{"serial":"FGT60FTK20000001"}"#,
            [Sight(.curl, #""serial_number":"FGT60FTK20000001""#)]
        ),
    ]
}
