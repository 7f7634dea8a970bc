/// Which letters and digits of ASCII a byte is: what names of all kinds are made of.
extension UInt8 {
    /// `0` to `9`.
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
    /// `A` to `Z`.
    package var isASCIIUppercase: Bool { (0x41...0x5A).contains(self) }
    /// `a` to `z`.
    package var isASCIILowercase: Bool { (0x61...0x7A).contains(self) }
    /// Any of the three.
    package var isASCIIAlphanumeric: Bool { isASCIIDigit || isASCIIUppercase || isASCIILowercase }
}

extension StringProtocol {
    /// Whether it has nothing but letters and digits of ASCII and characters of `others`.
    package func isASCIIAlphanumeric(or others: String) -> Bool {
        utf8.allSatisfy { $0.isASCIIAlphanumeric || others.utf8.contains($0) }
    }
}
