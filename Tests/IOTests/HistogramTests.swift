import IO
import TestKit
import Testing

@Suite struct HistogramTests {
    @Test func `a value falls into the first bucket whose bound it does not pass`() {
        let histogram = Histogram(bounds: [10, 20])
        for value: UInt64 in [0, 10, 11, 20, 21, 1_000] { histogram.record(value) }
        #expect(histogram.reading.counts == [2, 2, 2])
        #expect(histogram.reading.sum == 1_062)
        #expect(histogram.reading.count == 6)
    }

    @Test func `readings of the same bounds add up`() {
        let one = Histogram(bounds: [10])
        let other = Histogram(bounds: [10])
        one.record(1)
        other.record(2)
        other.record(30)
        var total = one.reading
        total.add(other.reading)
        #expect(total.counts == [2, 1])
        #expect(total.sum == 33)
    }

    @Test func `several histograms of one bank do not touch each other`() {
        let bounds: [UInt64] = [1]
        let bank = CounterBank(count: 2 * Histogram.size(bounds: bounds))
        let first = Histogram(bounds: bounds, in: bank, at: 0)
        let second = Histogram(bounds: bounds, in: bank, at: Histogram.size(bounds: bounds))
        first.record(5)
        second.record(1)
        #expect(first.reading.counts == [0, 1])
        #expect(second.reading.counts == [1, 0])
    }

    @Test func `a counter that one thread raises is read by another`() async throws {
        let bank = CounterBank(count: 2)
        try await Blocking.run {
            let thread = try Thread(named: "counting") {
                for _ in 0..<100_000 { bank.add(to: 1) }
            }
            var last: UInt64 = 0
            while last < 100_000 {
                let value = bank[1]
                #expect(value >= last, "a counter only rises")
                last = value
            }
            thread.join()
        }
        #expect(bank[0] == 0)
        #expect(bank[1] == 100_000)
    }

    @Test func `a counter that is not there stops the process`() async {
        await #expect(processExitsWith: .failure) { CounterBank(count: 1).add(to: 1) }
    }
}
