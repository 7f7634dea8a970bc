import Journal
import Notation

/// A text that someone else chose, for a message: short, without what has a secret's form, and in quotes.
func quoted(_ text: String) -> String {
    // Before it is cut: a part of a code has no form.
    VisibleText.quoted(Redaction.redacted(text))
}
