import HTTP
import IO
import Testing

@testable import Admin

/// Imports side by side once had no bound, and each takes many times its document's size.
@Suite("Places for documents", .timeLimit(.minutes(1))) struct DocumentPlacesTests {
    private static let large = DocumentPlaces.smallBytes + 1

    private func places(isReady: Bool = true) -> DocumentPlaces {
        let readiness = Readiness()
        readiness.set(isReady)
        return DocumentPlaces(until: readiness)
    }

    @Test func `a large document that finds all places taken is told to come again`() async throws {
        let places = places()
        let refused = await #expect(throws: Problem.self) {
            try await places.pass(bytes: Self.large) {
                try await places.pass(bytes: Self.large) {
                    // A small one passes all the same.
                    try await places.pass(bytes: 1) {}
                    try await places.pass(bytes: Self.large) {}
                }
            }
        }
        #expect(refused?.status == .serviceUnavailable)
        #expect(refused?.fields.count == 1, "Retry-After is missing")
        // Whatever came of them, their places are free again.
        try await places.pass(bytes: Self.large) { try await places.pass(bytes: Self.large) {} }
    }

    @Test func `what is read is not wanted any more once the server stops`() async throws {
        #expect(try await places().read { $0() })
        #expect(try await !places(isReady: false).read { $0() })
    }
}
