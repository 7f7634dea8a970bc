import Documents
import Faults
import Notation
import Registry

/// The bodies of the admin plane: JSON values, fault rules and registry documents are read or refused, the same each
/// time, and what was read is read again from what the plane itself writes of it.
func examine(_ input: FuzzInput) {
    examineValue(input.bytes)
    for format in DocumentFormat.allCases { examineRules(input.bytes, as: format) }
    examineRegistry(String(decoding: input.bytes, as: UTF8.self))
}

private func examineValue(_ bytes: [UInt8]) {
    guard let value = try? JSONTextError.value(of: bytes) else { return }
    let written = value.bytes
    require((try? JSONTextError.value(of: written))?.bytes == written, "a value that is written is read as another")
}

private func examineRules(_ bytes: [UInt8], as format: DocumentFormat) {
    let entries: [RuleDocument.Entry]
    do throws(DocumentError) {
        entries = try RuleDocument.read(bytes, as: format)
    } catch {
        require(!error.reason.isEmpty, "a refusal without a reason")
        require(error.all.count <= DocumentError.limit, "more is told than the bound")
        return
    }
    for entry in entries {
        let shown = entry.rule.value.bytes
        guard let again = try? RuleDocument.read(shown, as: .json) else {
            return require(false, "a rule is refused as it is shown")
        }
        require(again.map { $0.rule.value.bytes } == [shown], "a rule as it is shown is another")
    }
}

private func examineRegistry(_ text: String) {
    let chance = Chance(seed: 1)
    guard let document = try? RegistryDocument.read(text, chance: chance) else { return }
    for (format, written) in [("JSON", document.text(as: .json, now: 0)), ("YAML", document.text(as: .yaml, now: 0))] {
        guard let again = try? RegistryDocument.read(written, chance: chance) else {
            return require(false, "an export in \(format) is refused")
        }
        require(again == document, "an export in \(format) is another registry")
    }
}
