import CSQLite
import Registry
import SoftToken

/// One compiled statement; it is finalized with its owner.
///
/// Binding copies, so nothing needs to outlive a call: a short text into a place of the statement's own, where SQLite
/// reads it without taking memory for it, and a longer one into SQLite's. Indices of parameters start at 1 and those of
/// columns at 0, as in SQLite.
@safe
struct Statement: ~Copyable {
    private let handle: OpaquePointer
    /// A place for each parameter's text.
    private let texts: UnsafeMutableBufferPointer<UInt8>
    private let operation: String
    private let path: String

    /// Takes over a compiled statement.
    @unsafe
    init(adopting handle: OpaquePointer, operation: String, path: String) {
        unsafe self.handle = handle
        unsafe texts = .allocate(capacity: Int(sqlite3_bind_parameter_count(handle)) * Self.textLength)
        self.operation = operation
        self.path = path
    }

    deinit {
        unsafe sqlite3_finalize(handle)
        unsafe texts.deallocate()
    }

    /// The bytes of the longest text that has a place: a seed has 40, nearly every phone's name fewer.
    private static let textLength = 48

    /// Runs to the next row.
    ///
    /// - Returns: Whether there is one.
    func step() throws(StoreError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = unsafe StoreError(code, in: operation, on: sqlite3_db_handle(handle), path: path)
            unsafe sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that returns no rows, and makes it ready for its next use.
    func run() throws(StoreError) {
        _ = try step()
        reset()
    }

    /// Makes the statement ready for its next use, and lets go of what it read.
    func reset() {
        // Its result repeats what `step` has already reported.
        unsafe sqlite3_reset(handle)
    }

    /// Binds a number, or null.
    func bind(_ value: Int64?, at index: Int32) {
        // Binding fails only for a wrong index or a statement in mid-run, neither of which a row decides.
        guard let value else { return bindNull(at: index) }
        unsafe sqlite3_bind_int64(handle, index, value)
    }

    /// Binds a truth value as 0 or 1.
    func bind(_ value: Bool, at index: Int32) {
        bind(value ? 1 : 0, at: index)
    }

    /// Binds a serial or a number, or null.
    func bind(_ value: ASCII16?, at index: Int32) {
        guard let value else { return bindNull(at: index) }
        bind(at: index) { value.append(to: &$0) }
    }

    /// Binds a seed's digits, or null.
    func bind(_ value: Seed?, at index: Int32) {
        guard let value else { return bindNull(at: index) }
        bind(at: index) { value.appendDigits(to: &$0) }
    }

    /// Binds a text, or null.
    func bind(_ value: String?, at index: Int32) {
        guard var value else { return bindNull(at: index) }
        value.withUTF8 { bytes in
            if bytes.count <= Self.textLength {
                return bind(at: index) { output in
                    for position in bytes.indices { unsafe output.append(bytes[position]) }
                }
            }
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                _ = unsafe sqlite3_bind_text(handle, index, text.baseAddress, Int32(text.count), c_SQLITE_TRANSIENT())
            }
        }
    }

    private func bindNull(at index: Int32) {
        unsafe sqlite3_bind_null(handle, index)
    }

    /// Binds the text that `write` puts into the parameter's place.
    private func bind(at index: Int32, _ write: (inout OutputSpan<UInt8>) -> Void) {
        let place = unsafe UnsafeMutableBufferPointer(
            rebasing: texts[(Int(index) - 1) * Self.textLength..<Int(index) * Self.textLength]
        )
        var output = unsafe OutputSpan(buffer: place, initializedCount: 0)
        write(&output)
        let count = unsafe output.finalize(for: place)
        // Without a destructor SQLite takes it to be there until the parameter is bound anew.
        unsafe place.withMemoryRebound(to: CChar.self) { text in
            _ = unsafe sqlite3_bind_text(handle, index, text.baseAddress, Int32(count), nil)
        }
    }

    /// A number of the current row; 0 for null.
    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// A number of the current row, or nil for null.
    func optionalInteger(_ column: Int32) -> Int64? {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
    }

    /// A text of the current row, or nil for null.
    func text(_ column: Int32) -> String? {
        unsafe bytes(column).map { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A value that is stored as its text, or nil for null.
    ///
    /// - Throws: `StoreError.Kind.corrupt` where the text is no such value.
    func value<Value: TextValue>(_ column: Int32) throws(StoreError) -> Value? {
        guard let bytes = unsafe bytes(column) else { return nil }
        guard let value = unsafe Value(Span(_unsafeElements: bytes)) else { throw malformed(column) }
        return value
    }

    /// As ``value(_:)``, of a column that is never null.
    func required<Value: TextValue>(_ column: Int32) throws(StoreError) -> Value {
        guard let value: Value = try value(column) else { throw malformed(column) }
        return value
    }

    /// The key of a row that ``Table/list(_:)`` reads.
    func key<Key: TextValue>() throws(StoreError) -> Key { try required(unsafe sqlite3_column_count(handle) - 1) }

    // MARK: - Whole queries

    /// Runs to the first row that a name selects, its only parameter.
    func step(_ name: ASCII16) throws(StoreError) -> Bool {
        bind(name, at: 1)
        return try step()
    }

    /// The values in the rows that a name selects, its only parameter.
    func all<Value: TextValue>(_ name: ASCII16) throws(StoreError) -> [Value] {
        defer { reset() }
        var values: [Value] = []
        bind(name, at: 1)
        while try step() { values.append(try required(0)) }
        return values
    }

    /// The value in the first row; nil where there is none.
    func first<Value: TextValue>() throws(StoreError) -> Value? {
        defer { reset() }
        return try step() ? required(0) : nil
    }

    /// The number in the first row; nil where there is none.
    func number() throws(StoreError) -> Int64? {
        defer { reset() }
        return try step() ? integer(0) : nil
    }

    /// The error for a stored value that this program never writes; it names the column.
    func malformed(_ column: Int32) -> StoreError {
        let name = unsafe sqlite3_column_name(handle, column).map { unsafe String(cString: $0) } ?? "column \(column)"
        return StoreError(.corrupt, in: operation, path: path, "\(name) holds a malformed value")
    }

    // Valid until the next step or reset.
    private func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
        return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}
