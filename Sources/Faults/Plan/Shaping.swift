/// How the bytes of a connection travel.
package struct Shaping: Sendable {
    /// How long each direction waits before what came goes on.
    package var latency = Duration.zero
    /// How far a wait may differ from it.
    package var jitter = Duration.zero
    /// Bytes a second in each direction; nil for no bound.
    package var rate: Int?
    /// How many bytes are written at once; nil for as many as there are.
    package var sliceSize: Int?
    /// How long to wait between two such pieces.
    package var sliceGap = Duration.zero
    /// After how many bytes sent the connection closes; nil for never.
    package var limit: Int?
    /// How long the rules are in force that want the waits, the rate and the pieces; nil for as long as the shaping is.
    package var terms: (latency: RuleTerm?, rate: RuleTerm?, slice: RuleTerm?)
    /// The chance of its waits.
    package var draw = Draw(seed: 0, rule: "", match: 0)

    /// Bytes that travel as they would.
    package init() {}
}
