import Notation
import Testing

@Suite struct HexadecimalTests {
    @Test func `bytes are lower-case digits, two a byte`() {
        #expect(Hexadecimal.text([0x00, 0x09, 0x0A, 0x5F, 0xFF]) == "00090a5fff")
    }

    @Test func `numbers are upper-case digits, as many as asked for`() {
        var digits: [UInt8] = []
        Hexadecimal.append(0xAB, byteCount: 2, to: &digits)
        Hexadecimal.append(0x0123_4567_89AB_CDEF, to: &digits)
        #expect(String(decoding: digits, as: UTF8.self) == "00AB0123456789ABCDEF")
    }

    @Test func `a digit of either case has its value, and nothing else has one`() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            #expect(Hexadecimal.value(of: byte).map { Int($0) } == (byte < 0x80 ? character.hexDigitValue : nil))
        }
    }
}
