"""Thousands of requests under fault rules: held back for a second each, and parked for good.

h2load drives them, with HTTP/1.1; it warms up first, so that the handshakes are none of what is counted.
"""

import http.client
import json
import signal
import threading
import time
from pathlib import Path

from . import processes
from .errors import BenchError
from .exchange import Client
from .figures import Table, spread
from .lab import POLLING, PRIMING, registry_document
from .load import KeepAlive
from .options import Options
from .processes import Child
from .report import table_text
from .servers import FauxGuard
from .workspace import WORK, say

HELD = 10_000
SHARE, LATEST_MS = 0.95, 100.0  # issue 4: at least 9,500 of 10,000 a second, 99 % within 100 ms of their time


def measure(options: Options) -> str:
    """Both figures, as the text that is printed."""
    held = 500 if options.quick else HELD
    work = WORK / "faults"
    # All connect at once, which one core may take longer than a handshake may; that is none of what is counted.
    server = FauxGuard(options.binary, work, options.server_core, settings="timeouts: { handshake: 60s }\n")
    (work / "registry.yaml").write_text(registry_document())
    server.start()
    server.prime(PRIMING)
    text = "\n".join(table_text(table) for table in (_delayed(server, held, options), _parked(server, held, options)))
    server.stop()
    return text


def _delayed(server: FauxGuard, held: int, options: Options) -> Table:
    """Every request waits a second: as many answers a second as there are connections, were there no delay beyond it."""
    before = processes.resident_kib(server.pid)
    threads = _threads(server)
    _admin(server, "POST", "faults", {"name": "delay", "do": "http.delay", "with": {"latency": "1s"}})
    log = WORK / "faults" / "h2load.log"
    log.unlink(missing_ok=True)
    seconds, warm_up = (5, 10) if options.quick else (30, 60)
    found: dict[str, int] = {}

    def look() -> None:
        # In the middle of what is measured.
        time.sleep(warm_up + seconds / 2)
        found["memory"] = processes.resident_kib(server.pid)
        found["threads"] = _threads(server)
        found["connections"] = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))

    looking = threading.Thread(target=look)
    looking.start()
    begun = time.time()
    body = WORK / "faults" / "polling.json"
    body.write_bytes(POLLING.bodies[0])
    command = ["h2load", "--h1", f"--clients={held}", "--threads=1", f"--duration={seconds}"]
    command += [f"--warm-up-time={warm_up}", f"--data={body}", f"--log-file={log}"]
    command += [f"https://localhost:{server.port(POLLING)}{POLLING.path}"]
    processes.run(processes.pinned(options.client_core, command), WORK / "faults" / "h2load.out", warm_up + seconds + 60)
    looking.join()
    times = []
    answered = 0
    for line in log.read_text().splitlines():
        start, status, elapsed = (int(part) for part in line.split("\t"))
        if status != 200:
            raise BenchError(f"an answer has status {status}")
        if begun + warm_up <= (start + elapsed) / 1e6 <= begun + warm_up + seconds:
            answered += 1
        if start / 1e6 >= begun + warm_up:
            times.append(elapsed / 1000 - 1000)
    _admin(server, "DELETE", "faults/delay")
    if not times:
        raise BenchError("h2load measured nothing")
    if found["connections"] < held:
        raise BenchError(f"of {held} connections {held - found['connections']} or more were not there")
    times.sort()
    late = times[int(len(times) * 0.99)]
    rate = answered / seconds
    say(f"delayed: {rate:,.0f}/s of {held:,} held back for a second, 99 % no later than {late:.0f} ms")
    table = Table(
        "Requests held back for a second each",
        ["in flight", "answers a second", "wanted", "99 % after their time, ms", "wanted", "threads, before", "KiB each"],
    )
    each = (found["memory"] - before) / held
    wanted = [f"≥ {held * SHARE:,.0f}", f"≤ {LATEST_MS:.0f}"]
    table.rows.append(
        [f"{held:,}", f"{rate:,.0f}", wanted[0], f"{late:.0f}", wanted[1], f"{found['threads']}, {threads}", f"{each:.1f}"]
    )
    return table


def _parked(server: FauxGuard, held: int, options: Options) -> Table:
    """As many requests as there are descriptors for never get an answer, and others are served beside them."""
    load = KeepAlive(POLLING, WORK, options)
    # The addresses that connections.py comes from, and nobody else.
    rule = {"name": "park", "when": {"client": "127.0.1.0/24"}, "do": "http.hang"}
    load.round(server, 1)
    without, beside = [], []
    for _ in range(3 if options.quick else 5):
        without.append(load.round(server, options.seconds).rate)
        _admin(server, "POST", "faults", rule)
        request = WORK / "faults" / "parked.request"
        request.write_bytes(POLLING.request(server.port(POLLING)))
        client = ["python3", "Benchmarks/load/connections.py", "parked", "--port", str(server.port(POLLING))]
        client += ["--request", str(request)]
        parked = Child(processes.pinned(options.client_core, client), WORK / "connections.log", piped=True)
        if (opened := json.loads(parked.ask(f"open {held}"))["open"]) != held:
            raise BenchError(f"{opened} requests were parked, not {held}")
        beside.append(load.round(server, options.seconds).rate)
        if dropped := json.loads(parked.ask("check"))["dropped"]:
            raise BenchError(f"{dropped} parked requests came to an end")
        parked.stop(signal.SIGKILL)
        _admin(server, "DELETE", "faults/park")
        _drained(server)
    ratio = [there / here for here, there in zip(without, beside)]
    say(f"parked: {ratio} of the throughput with {held:,} parked")
    table = Table(
        "Throughput beside parked requests",
        ["parked", "req/s without", "req/s beside them", "ratio", "wanted"],
    )
    table.rows.append([f"{held:,}", spread(without), spread(beside), spread(ratio, 2), "≥ 0.90"])
    return table


def _threads(server: FauxGuard) -> int:
    return len(list(Path(f"/proc/{server.pid}/task").iterdir()))


def _drained(server: FauxGuard) -> None:
    """Waits until the parked connections are gone."""
    for _ in range(100):
        with Client(server.port(POLLING), server.ca) as client:
            client.exchange(POLLING)
        if len(list(Path(f"/proc/{server.pid}/fd").iterdir())) < 200:
            return
        time.sleep(0.1)
    raise BenchError("parked connections stay although their clients are gone")


def _admin(server: FauxGuard, method: str, path: str, body: dict | None = None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.admin_port, timeout=30)
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, f"/api/v1/labs/default/{path}", json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    if answer.status >= 300:
        raise BenchError(f"{method} {path}: {answer.status} {answer.read().decode()}")
    connection.close()
