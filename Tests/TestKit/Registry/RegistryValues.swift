package import Notation
import Registry
package import SoftToken

/// A malformed value in a test's own text.
package struct NoSuchValue: Error {
    /// The text.
    package let text: String

    /// Names the text.
    package init(text: String) {
        self.text = text
    }
}

/// A serial that is one.
package func serial(_ text: String) throws -> Serial {
    guard let serial = Serial(text) else { throw NoSuchValue(text: text) }
    return serial
}

/// A license's number that is one.
package func number(_ text: String) throws -> LicenseNumber {
    guard let number = LicenseNumber(text) else { throw NoSuchValue(text: text) }
    return number
}

/// A token's serial that is one.
package func token(_ text: String) throws -> TokenSerial {
    guard let token = TokenSerial(text) else { throw NoSuchValue(text: text) }
    return token
}

/// A redemption code that is one.
package func code(_ text: String) throws -> RedemptionCode {
    guard let code = RedemptionCode(text) else { throw NoSuchValue(text: text) }
    return code
}

/// A day that is one.
package func day(_ text: String) throws -> CalendarDay {
    guard let day = CalendarDay(text) else { throw NoSuchValue(text: text) }
    return day
}

/// A seed of forty times this digit.
package func seed(_ digit: Character = "A") throws -> Seed {
    let text = String(repeating: digit, count: 40)
    guard let seed = Seed(text) else { throw NoSuchValue(text: text) }
    return seed
}
