"""Allocations and system calls per request, counted and not timed: the same on a busy machine."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from .errors import BenchError
from .exchange import Client
from .figures import Results, Table
from .lab import POLLING, PRIMING, PROVISIONING, Workload, registry_document
from .options import Options
from .servers import FauxGuard
from .workspace import WORK

REQUESTS = 2_000


def compare(binaries: dict[str, str], options: Options, results: Results) -> None:
    """Adds a table with a line for each binary and workload."""
    library = _library()
    table = Table("Counted per request", ["server", "workload", "allocations", "system calls"])
    for number, (name, binary) in enumerate(binaries.items()):
        for workload in (POLLING, PROVISIONING):
            work = WORK / f"counts-{number}"
            allocations = _allocations(binary, work, workload, library, options)
            calls = _system_calls(binary, work, workload, options)
            table.rows.append([name, workload.name, f"{allocations:.2f}", f"{calls:.2f}"])
    results.tables.append(table)


def _library() -> Path:
    built = WORK / "counting.so"
    done = subprocess.run(
        ["clang", "-O2", "-shared", "-fPIC", "-o", built, "Benchmarks/load/counting.c"], capture_output=True, text=True
    )
    if done.returncode:
        raise BenchError(f"counting.c does not compile: {done.stderr}")
    return built


def _started(binary: str, work: Path, options: Options, prefix: list[str], environment: dict[str, str]) -> FauxGuard:
    server = FauxGuard(binary, work, options.server_core)
    server.command = prefix + server.command
    (work / "registry.yaml").write_text(registry_document())
    before = dict(os.environ)
    os.environ |= environment
    try:
        server.start()
    finally:
        os.environ.clear()
        os.environ |= before
    server.prime(PRIMING)
    return server


def _send(server: FauxGuard, workload: Workload, count: int) -> None:
    with Client(server.port(workload), server.ca) as client:
        for index in range(count):
            client.exchange(workload, index % len(workload.bodies))


def _allocations(binary: str, work: Path, workload: Workload, library: Path, options: Options) -> float:
    file = work / "count"
    work.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(8))
    environment = {"LD_PRELOAD": str(library.resolve()), "COUNTING_FILE": str(file.resolve())}
    server = _started(binary, work, options, [], environment)

    def counted(requests: int) -> int:
        begun = int.from_bytes(file.read_bytes(), "little")
        _send(server, workload, requests)
        # What a connection leaves behind trails its last answer.
        time.sleep(0.2)
        return int.from_bytes(file.read_bytes(), "little") - begun

    counted(200)
    # The connection's own part is in both, and so in neither.
    each = (counted(2 * REQUESTS) - counted(REQUESTS)) / REQUESTS
    server.stop()
    return each


def _system_calls(binary: str, work: Path, workload: Workload, options: Options) -> float:
    server = _started(binary, work, options, [], {})

    def counted(requests: int) -> int:
        trace = subprocess.Popen(
            ["strace", "-f", "-c", "-p", str(server.pid)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        time.sleep(1)
        _send(server, workload, requests)
        trace.send_signal(signal.SIGINT)
        _, text = trace.communicate(timeout=30)
        if not (total := re.search(r"^100\.00.*?(\d+)(?:\s+\d+)? total$", text, re.MULTILINE)):
            raise BenchError(f"strace counted nothing:\n{text}")
        return int(total[1])

    counted(200)
    each = (counted(2 * REQUESTS) - counted(REQUESTS)) / REQUESTS
    server.stop()
    return each
