"""The load generators, each run checked: an error, or an answer of another size, fails the run."""

import json
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .errors import BenchError
from .lab import Workload
from .options import Options
from .servers import Server, check


@dataclass(frozen=True)
class Sample:
    """One round on one server; times in seconds, latencies in milliseconds.

    `cpu` is the server's, `others` that of everything else on its core while the load ran.
    """

    done: int
    seconds: float
    cpu: float
    p50: float = 0
    p99: float = 0
    written: int = 0
    others: float = 0

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_us(self) -> float:
        """Server CPU per request or connection, in microseconds."""
        return self.cpu / self.done * 1e6

    @property
    def core_in_use(self) -> float:
        return self.cpu / self.seconds

    @property
    def core_lost(self) -> float:
        return max(0, self.others) / self.seconds


class Usage:
    """What a server and its core have used since this was made."""

    def __init__(self, server: Server, core: int):
        self._server, self._core = server, core
        self._start = self._now()

    def since(self) -> tuple[float, float, int]:
        """The server's CPU seconds, those of all others on its core, and the bytes it wrote to the disk."""
        cpu, core, written = (now - before for now, before in zip(self._now(), self._start))
        return cpu, core - cpu, int(written)

    def _now(self) -> tuple[float, float, int]:
        pid = self._server.pid
        return processes.cpu_seconds(pid), processes.core_seconds(self._core), processes.written_bytes(pid)


class KeepAlive:
    """wrk over kept connections, each request for another device."""

    def __init__(self, workload: Workload, work: Path, options: Options):
        self.workload, self._work, self._options = workload, work, options
        self._connections = options.connections
        self._bodies = work / f"{workload.name}.bodies"
        self._bodies.write_bytes(b"\n".join(workload.bodies) + b"\n")

    def command(self, server: Server, seconds: int) -> list[str]:
        options = ["-t1", f"-c{self._connections}", f"-d{seconds}s", "--timeout", "5s"]
        url = f"https://localhost:{server.port(self.workload)}{self.workload.path}"
        script = ["-s", "Benchmarks/load/rotate.lua"]
        return processes.pinned(self._options.client_core, ["wrk", *options, *script, url, "--", str(self._bodies)])

    def round(self, server: Server, seconds: int) -> Sample:
        size = check(server, self.workload).size
        usage = Usage(server, self._options.server_core)
        output = processes.run(self.command(server, seconds), self._work / "wrk.log", seconds + 20)
        cpu, others, written = usage.since()
        check(server, self.workload)
        summary = json.loads(output.partition("\nsummary ")[2].splitlines()[0])
        self._complain(server, summary, size)
        return Sample(
            done=summary["requests"],
            seconds=summary["duration"] / 1e6,
            cpu=cpu,
            p50=summary["p50"] / 1e3,
            p99=summary["p99"] / 1e3,
            written=written,
            others=others,
        )

    def _complain(self, server: Server, summary: dict, size: int) -> None:
        load = f"{self.workload.name} on {server.name}"
        if not summary["requests"] or any(summary["errors"].values()):
            raise BenchError(f"{load}: wrk saw errors: {summary}")
        # Every right answer has the same size and a refusal has another one, so the sum of the bytes tells
        # whether all were right. What is over belongs to the answers that were under way at the end.
        over = summary["bytes"] - summary["requests"] * size
        if not 0 <= over <= self._connections * size:
            raise BenchError(
                f"{load}: {summary['requests']} answers of {size} bytes do not make {summary['bytes']} bytes; "
                "some of them were not the expected answer"
            )


class Handshakes:
    """Full TLS handshakes, a connection each, with one short request on it."""

    def __init__(self, workload: Workload, work: Path, options: Options):
        self.workload, self._work, self._options = workload, work, options

    def command(self, server: Server, seconds: int) -> list[str]:
        port = server.port(self.workload)
        request = self._work / f"{self.workload.name}-{port}.request"
        request.write_bytes(self.workload.request(port))
        options = ["--port", str(port), "--request", str(request)]
        options += ["--connections", str(self._options.connections), "--seconds", str(seconds)]
        client = ["python3", "Benchmarks/load/connections.py", "handshakes", *options]
        return processes.pinned(self._options.client_core, client)

    def round(self, server: Server, seconds: int) -> Sample:
        check(server, self.workload)
        command = self.command(server, seconds)
        usage = Usage(server, self._options.server_core)
        summary = json.loads(processes.run(command, self._work / "connections.log", seconds + 40))
        cpu, others, written = usage.since()
        if not summary["connections"]:
            raise BenchError(f"no handshake was completed on {server.name}")
        return Sample(summary["connections"], summary["seconds"], cpu, written=written, others=others)
