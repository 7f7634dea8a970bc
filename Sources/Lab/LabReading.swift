/// What reading a message came to.
package enum LabReading: Sendable {
    /// It only asked, or could not be understood: this is the answer.
    case answered(LabAnswer)
    /// It may change something, which takes a wait for the disk.
    case change(LabChange)
}
