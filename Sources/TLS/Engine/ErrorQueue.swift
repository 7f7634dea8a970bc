import COpenSSL

/// OpenSSL's error queue, which belongs to the thread and so to all connections of a loop together.
///
/// It is emptied before each call and drained at the call that failed, with nothing in between.
enum ErrorQueue {
    /// Empties the queue.
    static func clear() {
        // It is empty nearly always, and emptying it goes through all of its places.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes all entries, the first one raised first, as OpenSSL's reason strings.
    static func drain() -> [String] {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return reasons }
            reasons.append(reason(code))
        }
    }

    /// Whether the last entry, left in place, is that of a PEM text without a further block.
    static func endsWithoutBlock() -> Bool {
        let code = ERR_peek_last_error()
        return c_ERR_GET_LIB(code) == ERR_LIB_PEM && c_ERR_GET_REASON(code) == PEM_R_NO_START_LINE
    }

    private static func reason(_ code: UInt) -> String {
        guard let text = unsafe ERR_reason_error_string(code) else {
            return "OpenSSL error \(code)"
        }
        return unsafe String(cString: text)
    }
}
