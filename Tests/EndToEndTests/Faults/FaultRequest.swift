import TestKit

/// What clients ask for.
enum FaultRequest {
    /// The license in the answer to ``poll``.
    static let license = "FTMTRIAL02062407"
    /// The published poll.
    static let poll = WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656", with: ["FGT3HD3915801685"])
    /// A poll of two tokens.
    static let pollOfTwo = WireMessage.polling(
        ["FTKMOB83F91CD33B", "FTKMOB83712DC7FE"],
        by: "FGT3HD3915801656",
        with: ["FGT3HD3915801685"]
    )
    /// What changes the registry.
    static let provision = WireMessage.provision(["FTKMOB947FDC1754"], by: "FG100FTK20009876")
}
