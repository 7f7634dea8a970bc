/// A list that is filled anew time and again takes its memory once.
extension Array {
    /// Puts an element at `index`, which is at most one behind the last.
    @inlinable
    @inline(__always)
    package mutating func put(_ element: Element, at index: Int) {
        if index < count { self[index] = element } else { append(element) }
    }

    /// Drops what is left from before, from `count` on.
    @inlinable
    @inline(__always)
    package mutating func end(at count: Int) {
        if count < self.count { removeLast(self.count - count) }
    }
}
