import Glibc
import IO
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct OwnedDescriptorTests {
    @Test func `closing ends the descriptor, and so does letting it go`() throws {
        for isExplicit in [true, false] {
            let (reading, writing) = try streamEnds()
            let reader = OwnedDescriptor(adopting: reading)
            let writer = OwnedDescriptor(adopting: writing)
            if isExplicit {
                writer.close()
            } else {
                _ = consume writer
            }
            // Only a stream without a writer has an end.
            var byte: UInt8 = 0
            #expect(unsafe read(reader.number, &byte, 1) == 0)
        }
    }

    @Test func `a descriptor that someone else closed stops the process`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let (reading, _) = try streamEnds()
            let owned = OwnedDescriptor(adopting: reading)
            _ = Glibc.close(reading)
            owned.close()
        }
        #expect(message(of: result).contains("was closed by someone who did not own it"))
    }

    @Test func `a descriptor is closed once, however it goes`() async {
        await #expect(processExitsWith: .success) {
            let before = try OpenDescriptors.count
            for _ in 0..<100 {
                let (reading, writing) = try streamEnds()
                OwnedDescriptor(adopting: reading).close()
                let kept = OwnedDescriptor(adopting: writing)
                // A number that is free is given out again at once, so a second close would hit it.
                let (other, another) = try streamEnds()
                _ = consume kept
                #expect(fcntl(other, F_GETFD) >= 0 && fcntl(another, F_GETFD) >= 0)
                _ = Glibc.close(other)
                _ = Glibc.close(another)
            }
            // The process may open something of its own meanwhile, but not a hundred.
            let grown = try OpenDescriptors.count - before
            #expect(grown < 10, "\(grown) descriptors more after a hundred rounds")
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct SystemCallTests {
    @Test(arguments: [
        (0, CInt(0), SystemCall.Result.done(0)),
        (17, 0, .done(17)),
        (-1, EAGAIN, .wouldBlock),
        (-1, ECONNRESET, .failed(ECONNRESET)),
        (-1, EPIPE, .failed(EPIPE)),
    ])
    func `a call's outcome`(value: Int, code: CInt, expected: SystemCall.Result) {
        let result = SystemCall.perform {
            errno = code
            return value
        }
        #expect(result == expected)
    }

    @Test func `an interrupted call is made again`() {
        var calls = 0
        let result = SystemCall.perform {
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : 5
        }
        #expect(result == .done(5))
        #expect(calls == 3)
    }

    @Test(arguments: [EBADF, EFAULT])
    func `a number or an address that is not ours stops the process`(code: CInt) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [code = code as Int32] in
            _ = SystemCall.perform {
                errno = code
                return -1
            }
        }
        #expect(message(of: result).contains("a bad descriptor or address (errno \(code))"))
    }

    @Test(arguments: [
        (EACCES, "127.0.0.1:443", "bind 127.0.0.1:443: Permission denied"),
        (EAGAIN, "", "bind: Resource temporarily unavailable"),
    ])
    func `a call that must not fail says which failed, on what, and why`(
        code: CInt,
        subject: String,
        text: String
    ) throws {
        let error = try #require(throws: SystemError.self) {
            try SystemCall.require("bind", on: subject) {
                errno = code
                return -1
            }
        }
        #expect(error == SystemError(code, in: "bind", on: subject))
        #expect(error.description == text)
    }

    @Test func `a call that works gives its value`() throws {
        #expect(try SystemCall.require("test") { 3 } == 3)
    }

    @Test func `writing to a connection whose peer is gone is an error and no signal`() async throws {
        let results = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            peer.reset()
            _ = await channel.readable(until: .never)
            let byte: [UInt8] = [1]
            return [SystemCall.send(channel.number, byte.span), SystemCall.send(channel.number, byte.span)]
        }
        // The first hears of the reset, the second writes to what is closed.
        #expect(results == [.failed(ECONNRESET), .failed(EPIPE)])
    }
}

@Suite struct ProcessLimitTests {
    @Test func `raising the descriptor limit reaches the hard one and is harmless twice`() async {
        await #expect(processExitsWith: .success) {
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            var limit = rlimit()
            #expect(unsafe getrlimit(kind, &limit) == 0)
            limit.rlim_cur = 64
            #expect(unsafe setrlimit(kind, &limit) == 0)
            #expect(DescriptorLimit.raise() == Int(clamping: limit.rlim_max))
            #expect(DescriptorLimit.raise() == Int(clamping: limit.rlim_max))
            #expect(unsafe getrlimit(kind, &limit) == 0)
            #expect(limit.rlim_cur == limit.rlim_max)
        }
    }

    @Test func `there is a processor to run on`() {
        #expect((1...1024).contains(CoreCount.available))
    }
}

/// Both ends of a new stream, the reading one first.
///
/// Sockets and no pipe: they are close-on-exec from the first moment, so no process that another test starts holds an
/// end.
func streamEnds() throws -> (reading: CInt, writing: CInt) {
    var ends: [CInt] = [0, 0]
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    try SystemCall.require("socketpair") {
        unsafe Int(ends.withUnsafeMutableBufferPointer { unsafe socketpair(AF_UNIX, type, 0, $0.baseAddress) })
    }
    return (ends[0], ends[1])
}
