import Notation
import SoftToken

/// Echoes another unit's serial.
struct ServiceWrongSerial: Effect {
    static let entry = EffectEntry(
        "service.wrongSerial",
        at: [.answer],
        "The answer carries another unit's serial.",
        parameters: [Parameter("serial", .text(atMost: 16), default: "FGVM00TEST000000", "the other unit's")],
        observed: [
            .curl("\"serial_number\":\"FGVM00TEST000000\""),
            .openssl("\"serial_number\":\"FGVM00TEST000000\""),
            .python("'serial_number': 'FGVM00TEST000000'"),
        ],
        expected: "refuses the answer"
    )

    private let serial: [UInt8]

    init(_ arguments: Arguments) throws(RuleDefect) {
        let text = arguments.text("serial") ?? "FGVM00TEST000000"
        guard Serial(text) != nil else { throw RuleDefect("with.serial", "\(VisibleText.quoted(text)) is no serial") }
        serial = ErrorObject.quoted(text)
    }

    func contradiction(with match: RuleMatch) -> RuleDefect? {
        contradiction(naming: "unit", with: match) { $0 != .mobile }
    }

    func act(on plan: inout Plan, _ draw: inout Draw) {
        let serial = self.serial
        plan.answer.edit { draft in
            ErrorObject.put(serial, at: "d.serial_number", into: &draft) ? nil : "the answer has no serial_number"
        }
    }
}
