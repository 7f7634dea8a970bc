/// A document whose entries are each in order by themselves; what they say of one another is not checked yet.
///
/// Made up to a whole it is a ``RegistryDocument``; merged, it joins a registry that is there.
package struct DocumentDraft: Sendable {
    /// An entry, and where it stands.
    struct Entry<Value: Sendable>: Sendable {
        var value: Value
        var place: DocumentPlace
    }

    /// The devices that are listed.
    var devices: [Entry<Device>] = []
    /// The licenses that are listed.
    var licenses: [Entry<License>] = []
    /// The tokens that are listed.
    var tokens: [Entry<Token>] = []
}
