import SoftToken
import Testing

@Suite
struct `JSON held against Foundation` {
    /// Whether Foundation reads on past this error: it keeps one of two equal members, skips a byte order mark, reads
    /// 512 levels and takes a comma behind the last element.
    private static func isStricter(_ document: [UInt8], _ error: JSONError) -> Bool {
        switch error.kind {
        case .duplicateKey, .tooDeep:
            return true
        case .unexpectedByte where document[error.offset] == 0x5D || document[error.offset] == 0x7D:
            return document[..<error.offset].last { $0 > 0x20 } == 0x2C
        default:
            return false
        }
    }

    @Test(arguments: 0..<UInt64(40))
    func `a generated document reads the same`(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        for round in 0..<100 {
            let document = generator.document()
            let place = "seed \(seed), round \(round): \(String(decoding: document, as: UTF8.self))"
            let tree = try JSONTree(document)
            let other = try #require(foundationReading(document), "\(place)")
            #expect(tree.matches(other), "\(place)")
            #expect(throws: Never.self) { try JSONReader.validate(document.span, limit: document.count) }
        }
    }

    @Test(arguments: 100..<UInt64(140))
    func `a mutated document is read or refused the same`(seed: UInt64) {
        var generator = DocumentGenerator(seed: seed)
        var refused = 0
        for round in 0..<250 {
            let document = generator.mutation(of: generator.document())
            let place = "seed \(seed), round \(round): \(String(decoding: document, as: UTF8.self))"
            let other = foundationReading(document)
            do throws(JSONError) {
                let tree = try JSONTree(document)
                #expect(other.map { tree.matches($0) } ?? tree.holdsNumberBeyondDouble, "\(place)")
            } catch {
                refused += 1
                #expect(other == nil || Self.isStricter(document, error), "\(error), \(place)")
            }
        }
        #expect(refused > 50, "most mutations break a document")
    }
}
