"""Single requests beside a load: how long one more client waits while the server is kept as busy as it can be."""

import http.client
import json
import ssl
import time

from . import processes
from .errors import BenchError
from .lab import HANDSHAKES, POLLING
from .load import KeepAlive
from .options import Options
from .processes import Child
from .servers import FauxGuard, Server
from .workspace import WORK

LICENSES = "/api/v1/labs/default/licenses?limit=100"
PAUSE = 0.005  # between two requests, so that the client does not become a load itself


def answered_beside(server: Server, load: KeepAlive, options: Options, idle: int) -> list[float]:
    """Milliseconds that each request took while the load ran and `idle` connections were open."""
    port = server.port(POLLING)
    request = WORK / f"beside-{port}.request"
    request.write_bytes(POLLING.request(port))
    command = ["python3", "Benchmarks/load/connections.py", "idle", "--port", str(port), "--request", str(request)]
    holder = Child(processes.pinned(options.client_core, command), WORK / "connections.log", piped=True)
    try:
        if json.loads(holder.ask(f"open {idle}"))["open"] != idle:
            raise BenchError(f"{server.name} does not hold {idle} connections")
        generator = Child(load.command(server, options.seconds), WORK / "wrk.log")
        try:
            time.sleep(0.5)
            times = _ask(server, options.seconds - 1)
        finally:
            generator.stop()
        if dropped := json.loads(holder.ask("check"))["dropped"]:
            raise BenchError(f"{server.name} dropped {dropped} idle connections under load")
    finally:
        holder.stop()
    return times


def _ask(server: Server, seconds: float) -> list[float]:
    if isinstance(server, FauxGuard):
        connection = http.client.HTTPConnection("127.0.0.1", server.admin_port, timeout=30)
        path, inside = LICENSES, b'"EFTM000000000001"'
    else:
        context = ssl.create_default_context(cafile=str(server.ca))
        connection = http.client.HTTPSConnection("localhost", server.port(HANDSHAKES), context=context, timeout=30)
        path, inside = HANDSHAKES.path, b""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.monotonic() - begun) * 1000)
        if answer.status != 200 or inside not in body:
            raise BenchError(f"{server.name} answered {path} with {answer.status}: {body[:200]!r}")
        time.sleep(PAUSE)
    connection.close()
    return times


def percentile(values: list[float], share: int) -> float:
    """The smallest value that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
