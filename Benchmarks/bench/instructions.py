"""Instructions per request, by the library that spends them: counted by callgrind and not timed, so the same on a busy machine.

Each is the difference of two runs, of which one sends more requests over one connection, so that the start, the handshake
and the end are in both and in neither.
"""

import re
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

from . import parity, processes
from .errors import BenchError
from .exchange import Client
from .figures import Table
from .lab import HANDSHAKES, POLLING, PRIMING, PROVISIONING, Workload, registry_document
from .options import Options
from .processes import Child
from .report import table_text
from .servers import FauxGuard, Nginx, check
from .workspace import WORK, say

# How many requests the shorter and the longer run send; of handshakes each is a connection of its own.
RUNS = {POLLING.name: (200, 1200), PROVISIONING.name: (200, 1200), HANDSHAKES.name: (20, 120)}
KINDS = ("all", "own", "OpenSSL", "libc", "SQLite", "other")
PATIENCE = 120


def measure(options: Options) -> str:
    """The table, as the text that is printed."""
    if not shutil.which("valgrind"):
        raise BenchError("no valgrind; install it with: sudo apt-get install -y valgrind")
    work = WORK / "instructions"
    # This valgrind can't read the debug information.
    binary = WORK / "fauxguard"
    if (done := subprocess.run(["strip", "-g", "-o", binary, options.binary], capture_output=True, text=True)).returncode:
        raise BenchError(f"strip: {done.stderr.strip()}")
    ours = FauxGuard(str(binary), work, options.server_core)
    (work / "registry.yaml").write_text(registry_document())
    ours.start()
    ours.prime(PRIMING)
    nginx = Nginx("nginx", WORK / "nginx", options.server_core, ours.ca, ours.key, parity.observe(ours.port(HANDSHAKES), ours.ca))
    for workload in (POLLING, PROVISIONING, HANDSHAKES):
        answer = check(ours, workload)
        nginx.answer(workload, answer.body, answer.headers["content-type"])
    ours.stop()
    table = Table("Instructions per request, counted by callgrind", ["request", "server", *KINDS])
    for workload in (POLLING, PROVISIONING, HANDSHAKES):
        for server in (ours, nginx):
            say(f"counting: {workload.name}, {server.name}")
            # What an earlier run left in the registry's log is taken in by the next start, which is none of those counted.
            server.start()
            server.stop()
            counts = _counted(server, workload)
            table.rows.append([workload.name, server.name, *(f"{counts[kind]:,.0f}" for kind in KINDS)])
    return table_text(table)


def _counted(server: FauxGuard | Nginx, workload: Workload) -> Counter:
    few, many = RUNS[workload.name]
    less, more = _run(server, workload, few, 1), _run(server, workload, many, 1 + few)
    return Counter({kind: (more[kind] - less[kind]) / (many - few) for kind in KINDS})


def _run(server: FauxGuard | Nginx, workload: Workload, count: int, first: int) -> Counter:
    file = WORK / "callgrind.out"
    file.unlink(missing_ok=True)
    command = server.command
    pinning, program = command[:3], command[3:]
    counted = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file.absolute()}", *program]
    if isinstance(server, Nginx):
        # The one process serves.
        (WORK / "nginx" / "nginx.conf").write_text(server.configuration())
        child = Child([*pinning, *counted, "-g", "master_process off;"], WORK / "nginx" / "nginx.log")
        stop = child.stop
    else:
        server.command = [*pinning, *counted]
        try:
            server.start()
        finally:
            server.command = command
        stop = server.stop
    _send(server, workload, count, first)
    # What a connection leaves behind trails its last answer.
    time.sleep(0.5)
    stop()
    return _totals(file)


def _send(server: FauxGuard | Nginx, workload: Workload, count: int, first: int) -> None:
    closes = workload.name == HANDSHAKES.name
    # One token is polled again and again, and none is provisioned twice, in this run or the one before; nginx answers as to the first.
    is_new = workload.name == PROVISIONING.name and isinstance(server, FauxGuard)
    bodies = len(workload.bodies) if is_new else 1
    begun = time.monotonic()
    while True:
        try:
            client = Client(server.port(workload), server.ca)
            break
        except BenchError:
            # It has only just been started.
            if time.monotonic() - begun > PATIENCE:
                raise
            time.sleep(0.1)
    with client:
        for index in range(1 if closes else count):
            client.exchange(workload, (first + index) % bodies)
    for _ in range(count - 1 if closes else 0):
        with Client(server.port(workload), server.ca) as client:
            client.exchange(workload)


def _totals(file: Path) -> Counter:
    """The instructions of each kind of object, from callgrind's own format: the lines that are no calls."""
    if not file.exists():
        raise BenchError("callgrind wrote no counts; is this valgrind older than the processor?")
    names: dict[str, str] = {}
    totals: Counter = Counter()
    kind, is_call = "other", False
    for line in file.read_text(errors="replace").splitlines():
        if found := re.fullmatch(r"ob=\((\d+)\)(?: (.*))?", line):
            number, name = found.groups()
            names[number] = name or names.get(number, "")
            kind = _kind(names[number])
        elif line.startswith("cob=") and (found := re.fullmatch(r"cob=\((\d+)\) (.*)", line)):
            names[found[1]] = found[2]
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[+\-*\d]", line):
            if not is_call:
                totals[kind] += int(line.split()[-1])
            is_call = False
    totals["all"] = sum(totals.values())
    return totals


def _kind(path: str) -> str:
    name = Path(path).name
    if name.startswith(("libcrypto", "libssl")):
        return "OpenSSL"
    if name.startswith(("libc.", "libm.", "libpthread", "ld-linux", "libgcc")):
        return "libc"
    if name.startswith("libsqlite"):
        return "SQLite"
    return "own" if name.startswith(("fauxguard", "nginx")) else "other"
