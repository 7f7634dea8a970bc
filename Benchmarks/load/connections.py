#!/usr/bin/env python3
"""Opens TLS connections and counts them: full handshakes for a while, or idle keep-alive connections.

wrk cannot do either: it calls SSL_clear on a finished connection and so offers the old session again, which turns
all handshakes but the first into resumptions; and it has no idle connections. Here each connection is a new SSL
object without a session, and a resumed handshake is an error.

    connections.py handshakes --port P --request FILE --seconds S [--connections 64]
        prints {"connections": N, "seconds": S}: N connections got their answer and were closed by the server
    connections.py idle --port P --request FILE
        reads commands: "open N" holds N connections after one exchange each; "check" counts those the server dropped
    connections.py parked --port P --request FILE
        the same, but nothing is waited for after the request: the server is told never to answer it
"""

import argparse
import json
import select
import selectors
import socket
import ssl
import sys
import time

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
STALLED_AFTER = 15.0
# Loopback addresses to connect from: no address has many connections, none runs out of ports.
SOURCES = [f"127.0.1.{host}" for host in range(1, 201)]
IP_BIND_ADDRESS_NO_PORT = 24  # linux/in.h


class Failure(Exception):
    """The server did something other than answer."""


class Opener:
    """Runs up to `width` connections at a time through handshake, request and answer."""

    def __init__(self, port, request, width, waits=True):
        self.waits = waits
        self.port, self.request, self.width = port, request, width
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # The harness has verified the chain; here it would only cost the client's core.
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.selector = selectors.DefaultSelector()
        self.started = 0
        self.held = []

    def story(self, tls, until_close):
        """One connection's life; yields what it waits for."""
        # A server may answer everything while this process has to wait for its core: without a first wait such a
        # story would be over before the selector knew of it.
        yield WRITE
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                yield READ
            except ssl.SSLWantWriteError:
                yield WRITE
        if tls.session_reused:
            raise Failure("a session was resumed where a full handshake was asked for")
        if tls.send(self.request) != len(self.request):
            raise Failure("a small request did not fit into an empty socket buffer")
        if not self.waits:
            return
        answer = b""
        while until_close or not is_complete(answer):
            try:
                piece = tls.recv(65536)
            except ssl.SSLWantReadError:
                yield READ
                continue
            if not piece:
                break
            answer += piece
        if not answer.startswith(b"HTTP/1.1 200 ") or not is_complete(answer):
            raise Failure(f"unexpected answer: {answer[:120]!r}")

    def start(self, until_close):
        plain = socket.socket()
        plain.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        # Without it the request waits for the acknowledgement of the handshake's last flight (about 40 ms).
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.bind((SOURCES[self.started % len(SOURCES)], 0))
        plain.settimeout(STALLED_AFTER)
        plain.connect(("127.0.0.1", self.port))
        plain.setblocking(False)
        tls = self.context.wrap_socket(plain, server_hostname="localhost", do_handshake_on_connect=False)
        self.started += 1
        story = self.story(tls, until_close)
        self.selector.register(tls, next(story), story)

    def turn(self):
        """Waits once; returns the connections whose story ended."""
        ready = self.selector.select(STALLED_AFTER)
        if not ready:
            raise Failure(f"no progress for {STALLED_AFTER:.0f} s")
        ended = []
        for key, _ in ready:
            try:
                wanted = next(key.data)
                if wanted != key.events:
                    self.selector.modify(key.fileobj, wanted, key.data)
            except StopIteration:
                self.selector.unregister(key.fileobj)
                ended.append(key.fileobj)
        return ended

    @property
    def running(self):
        return len(self.selector.get_map())

    def handshakes(self, seconds):
        """Opens and closes connections for so many seconds; returns how many there were."""
        begun = time.monotonic()
        done = 0
        while True:
            open_more = time.monotonic() - begun < seconds
            while open_more and self.running < self.width:
                self.start(until_close=True)
            if not self.running:
                return done, time.monotonic() - begun
            for tls in self.turn():
                tls.close()
                done += 1

    def hold(self, count):
        """Opens connections until `count` are held."""
        while len(self.held) < count:
            while self.running < min(self.width, count - len(self.held)):
                self.start(until_close=False)
            self.held += self.turn()

    def dropped(self):
        """How many of the held connections the server has closed; a ticket that nobody has read yet may lie in one."""
        poll = select.poll()
        for tls in self.held:
            poll.register(tls, select.POLLRDHUP)
        return len(poll.poll(0))


def is_complete(answer):
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    raise Failure("an answer without Content-Length")


def say(**facts):
    print(json.dumps(facts), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["handshakes", "idle", "parked"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--request", type=argparse.FileType("rb"), required=True, help="the request, byte for byte")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--connections", type=int, default=64, help="at a time")
    options = parser.parse_args()
    opener = Opener(options.port, options.request.read(), options.connections, options.mode != "parked")
    if options.mode == "handshakes":
        connections, seconds = opener.handshakes(options.seconds)
        say(connections=connections, seconds=seconds)
        return
    for line in sys.stdin:
        match line.split():
            case ["open", count]:
                opener.hold(int(count))
                say(open=len(opener.held))
            case ["check"]:
                say(dropped=opener.dropped())
            case _:
                raise Failure(f"unknown command: {line!r}")


if __name__ == "__main__":
    try:
        main()
    except (Failure, OSError) as failure:
        sys.exit(f"connections.py: {failure}")
