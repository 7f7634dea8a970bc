import SoftToken

/// Rows that were read before, absent ones included, all of one state of the registry.
struct RowCache: ~Copyable {
    var devices = RowTable<KeptRow<Device>?>()
    var licenses = RowTable<KeptRow<License>?>()
    var tokens = RowTable<KeptRow<Token>?>()

    /// Whether nothing is kept.
    var isEmpty: Bool { devices.isEmpty && licenses.isEmpty && tokens.isEmpty }

    /// Forgets everything.
    mutating func removeAll() {
        devices.removeAll()
        licenses.removeAll()
        tokens.removeAll()
    }
}

/// A row that is kept: as an object, since to copy a license took a hundred and fifty instructions, and a poll asks it
/// for an owner.
final class KeptRow<Value> {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// Rows by their names: what a dictionary does, for names of two words and without the means to take one out.
///
/// Three rows are looked up for each poll. The hasher of the standard library guards against texts that are chosen to
/// collide, and takes 250 instructions a name; here one multiplication with a secret of the table's own does both. It
/// can't be copied, since to ask a value of an object's would copy it.
struct RowTable<Row>: ~Copyable {
    /// Where each row lies, counted from 1, at its name's place or the next free one behind; 0 marks a free one.
    private var places: [UInt16] = []
    private var names: [ASCII16] = []
    private var rows: [Row] = []
    private let secret = UInt64.random(in: .min ... .max)

    /// How many rows are kept; the next one starts over, so that asking for ever new names can't grow it.
    ///
    /// A token's row takes about 300 bytes, so a cache takes about 5 MB at most, its texts aside.
    static var capacity: Int { 16_384 }

    /// How many rows it has.
    var count: Int { rows.count }

    /// Whether it has none.
    var isEmpty: Bool { rows.isEmpty }

    /// Forgets all rows and keeps the memory.
    mutating func removeAll() {
        // Each by itself: a table that was large once may have few rows, and is emptied with each commit.
        for (index, name) in names.enumerated() {
            var place = home(of: name)
            while Int(places[place]) != index + 1 { place = next(place) }
            places[place] = 0
        }
        names.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
    }

    /// The row of this name; nil where it has none.
    subscript(name: ASCII16) -> Row? {
        guard !isEmpty else { return nil }
        let number = Int(places[place(of: name)])
        return number == 0 ? nil : rows[number - 1]
    }

    /// Keeps a row, in the place of one that has its name, and returns it.
    @discardableResult
    mutating func keep(_ row: Row, as name: ASCII16) -> Row {
        if count >= Self.capacity { removeAll() }
        // At most half full, so that a free place is never far.
        if 2 * count >= places.count { grow() }
        let place = place(of: name)
        if places[place] == 0 {
            names.append(name)
            rows.append(row)
            places[place] = UInt16(count)
        } else {
            rows[Int(places[place]) - 1] = row
        }
        return row
    }

    /// Where the name is noted, or would be.
    private func place(of name: ASCII16) -> Int {
        var place = home(of: name)
        while places[place] != 0, names[Int(places[place]) - 1] != name { place = next(place) }
        return place
    }

    private func home(of name: ASCII16) -> Int {
        Int(truncatingIfNeeded: name.hash(with: secret)) & (places.count - 1)
    }

    private func next(_ place: Int) -> Int { (place + 1) & (places.count - 1) }

    private mutating func grow() {
        places = Array(repeating: 0, count: max(64, 2 * places.count))
        for (index, name) in names.enumerated() { places[place(of: name)] = UInt16(index + 1) }
    }
}
