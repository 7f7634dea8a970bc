import Faults
import TLS
import Testing

/// The alerts' names, which two modules know that must not know each other.
@Suite struct AlertNameTests {
    @Test(arguments: 0...UInt8.max)
    func `whatever a peer sends is told by a name that a filter takes`(code: UInt8) {
        let name = AlertCode(rawValue: code).name
        #expect(AlertName.isTold(name))
        #expect(AlertName.known.contains(name) == (AlertCode.names[code] != nil))
    }

    @Test func `no other name is taken`() {
        #expect(AlertName.known.count == AlertCode.names.count)
        for name in ["alert_48", "alert_256", "alert_1x", "alert_", "alert_01", "Unknown_CA", ""] {
            #expect(!AlertName.isTold(name), "\(name)")
        }
    }
}
