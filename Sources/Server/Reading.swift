import Faults
import Lab

/// What reading a request came to, kept where its answer takes a wait, or where rules look at it before it is answered and
/// after.
final class Reading<Message> {
    /// What it says.
    let message: Message
    /// The lab whose it is; nil where it names one that is not there.
    let lab: Lab?
    /// What rules see of it; nil where none needs to know.
    let facts: ExchangeFacts?

    init(_ message: Message, of lab: Lab?, facts: ExchangeFacts? = nil) {
        self.message = message
        self.lab = lab
        self.facts = facts
    }
}
