/// What a connection made of it that its peer has ended its side while a rule made it wait.
///
/// A client may end its side as soon as its request is sent and wait for the answer all the same, and one that is gone
/// looks no different until something is sent to it.
enum PeerEnd {
    /// It was sent an interim answer, to which a client that is gone replies with a reset: it is there while none comes.
    case asked
    /// It could not be asked: waits are cut short, and what is sent next tells.
    case noted
}
