"""Instructions per request, by the library that spends them: counted by callgrind and not timed, so the same on a busy machine.

Each is the difference of two runs, of which one sends more requests over as many connections, so that the start, the
handshakes and the end are in both and in neither. RESULTS.md holds the last table; with `--check` our own binary's part may
not exceed what is recorded there. The other parts are not held to it: the processor decides which code of OpenSSL and libc runs.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
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

KINDS = ("all", "own", "OpenSSL", "libc", "SQLite", "other")
ALLOCATIONS, OWN_ALLOCATIONS = "allocations", "own allocations"
HEADER = ["request", "server", *KINDS, ALLOCATIONS, OWN_ALLOCATIONS]
HEADING = "## Instructions per request"
# How much more than the recorded figure our own part may be: less than any change that is worth a look, more than what
# the seed of a hash table can do.
ALLOWANCE = 0.02
PATIENCE = 120
# What of a run's provenance decides the figures.
FACTS = ("date", "commit", "machine", "Swift", "OpenSSL", "nginx")


@dataclass(frozen=True)
class Case:
    """A row: so many requests in the shorter and in the longer run, the first of them this one of the workload's."""

    name: str
    workload: Workload
    few: int
    many: int
    first: int = 1
    connections: int = 1


# Of handshakes each request has a connection of its own. No token is provisioned twice, in whatever run; with 64
# connections the shorter run meets every unit once, so that what is counted finds the rows of units and licenses kept,
# as a server does that runs.
CASES = (
    Case("polling", POLLING, 200, 1200),
    Case("provisioning", PROVISIONING, 200, 1200),
    Case("provisioning, 64 connections", PROVISIONING, 4 * 64, 10 * 64, first=1401, connections=64),
    Case("handshakes", HANDSHAKES, 20, 120),
)


@dataclass(frozen=True)
class Counted:
    """What was counted: the table, and our own binary's instructions of each kind of request."""

    table: Table
    own: dict[str, float]

    def section(self, provenance: dict[str, str]) -> str:
        """The section of RESULTS.md, without an end of line behind it."""
        facts = "\n".join(f"- **{name}**: {value}" for name, value in provenance.items() if name in FACTS)
        explained = (
            "Counted by callgrind over one connection, a provision alone in its commit, and over 64 connections whose requests "
            "all lie there when the server looks; *own* is the server's binary, *allocations* how often anybody called for "
            "memory, *own allocations* how often that binary did. `Benchmarks/run --instructions` shows them, and with "
            f"`--check` fails where FauxGuard's own part is more than {ALLOWANCE:.0%} over this table."
        )
        return "\n\n".join([HEADING, table_text(self.table), explained, facts])

    def excesses(self, recorded: dict[str, float]) -> list[str]:
        """What costs more than is recorded, in words; a kind of request that is recorded nowhere is an error."""
        if missing := self.own.keys() - recorded.keys():
            raise BenchError(f"RESULTS.md has no row of FauxGuard for {', '.join(sorted(missing))}")
        return [
            f"{name}: {own:,.0f} instructions of our own, {own / recorded[name] - 1:.1%} more than the {recorded[name]:,.0f} recorded"
            for name, own in self.own.items()
            if own > recorded[name] * (1 + ALLOWANCE)
        ]


def recorded(results: str) -> dict[str, float]:
    """Our own binary's instructions of each kind of request, from the text of RESULTS.md."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section(results).splitlines() if line.startswith("|")]
    if not rows:
        raise BenchError(f"RESULTS.md has no table under “{HEADING}”; make it with: Benchmarks/run --instructions --write-results")
    name, server, own = (rows[0].index(title) for title in ("request", "server", "own"))
    return {row[name]: float(row[own].replace(",", "")) for row in rows[2:] if row[server] == "FauxGuard"}


def section(results: str) -> str:
    """The section on instructions in the text of RESULTS.md; empty where there is none."""
    found = re.search(rf"^{HEADING}$.*?(?=^## |\Z)", results, re.MULTILINE | re.DOTALL)
    return found[0].rstrip() if found else ""


def replaced(results: str, new: str) -> str:
    """The text of RESULTS.md with another section on instructions, which stands before where and when the rest was measured."""
    old = section(results)
    if old:
        return results.replace(old, new)
    before, heading, after = results.partition("## Where and when")
    return f"{before}{new}\n\n{heading}{after}" if heading else f"{results.rstrip()}\n\n{new}\n"


def measure(options: Options) -> Counted:
    """Counts the kinds of requests that the options name."""
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
    table = Table("Instructions per request", HEADER)
    own = {}
    for case in [case for case in CASES if case.workload.name in options.rows]:
        for server in (ours, nginx):
            say(f"counting: {case.name}, {server.name}")
            # What an earlier run left in the registry's log is taken in by the next start, which is none of those
            # counted.
            server.start()
            server.stop()
            counts = _counted(server, case)
            cells = [*(f"{abs(counts[kind]):,.0f}" for kind in KINDS), *(f"{counts[kind]:.1f}" for kind in HEADER[-2:])]
            table.rows.append([case.name, server.name, *cells])
            if server is ours:
                own[case.name] = counts["own"]
    return Counted(table, own)


def _counted(server: FauxGuard | Nginx, case: Case) -> Counter:
    less, more = _run(server, case, case.few, case.first), _run(server, case, case.many, case.first + case.few)
    return Counter({kind: (more[kind] - less[kind]) / (case.many - case.few) for kind in HEADER[2:]})


def _run(server: FauxGuard | Nginx, case: Case, count: int, first: int) -> Counter:
    file = WORK / "callgrind.out"
    file.unlink(missing_ok=True)
    command = server.command
    pinning, program = command[:3], command[3:]
    counted = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file.absolute()}", *program]
    if isinstance(server, Nginx):
        # The one process serves.
        (WORK / "nginx" / "nginx.conf").write_text(server.configuration())
        child = Child([*pinning, *counted, "-g", "master_process off;"], WORK / "nginx" / "nginx.log")
        pid, stop = child.pid, child.stop
    else:
        server.command = [*pinning, *counted]
        try:
            server.start()
        finally:
            server.command = command
        pid, stop = server.pid, server.stop
    _send(server, pid, case, count, first)
    # What a connection leaves behind trails its last answer.
    time.sleep(0.5)
    stop()
    return _totals(file)


def _send(server: FauxGuard | Nginx, pid: int, case: Case, count: int, first: int) -> None:
    workload = case.workload
    # One token is polled again and again; nginx answers each provision as the first.
    is_new = workload.name == PROVISIONING.name and isinstance(server, FauxGuard)
    bodies = len(workload.bodies) if is_new else 1
    if workload.closes:
        for _ in range(count):
            with _connected(server, workload) as client:
                client.exchange(workload)
        return
    with contextlib.ExitStack() as held:
        clients = [held.enter_context(_connected(server, workload)) for _ in range(case.connections)]
        for start in range(first, first + count, len(clients)):
            if len(clients) == 1:
                clients[0].exchange(workload, start % bodies)
            else:
                _together(pid, workload, [(client, (start + place) % bodies) for place, client in enumerate(clients)])


def _connected(server: FauxGuard | Nginx, workload: Workload) -> Client:
    begun = time.monotonic()
    while True:
        try:
            return Client(server.port(workload), server.ca)
        except BenchError:
            # It has only just been started.
            if time.monotonic() - begun > PATIENCE:
                raise
            time.sleep(0.1)


def _together(pid: int, workload: Workload, asked: list[tuple[Client, int]]) -> None:
    """Has the server find all requests at once: how many share its turn and its commit is then no matter of its speed."""
    os.kill(pid, signal.SIGSTOP)
    try:
        while any(state != "T" for state in processes.thread_states(pid)):
            time.sleep(0.001)
        for client, index in asked:
            client.ask(workload, index)
    finally:
        os.kill(pid, signal.SIGCONT)
    for client, index in asked:
        client.answer(workload, index)


def _totals(file: Path) -> Counter:
    """The instructions of each kind of object, from callgrind's own format: the lines that are no calls; and how often our own code allocates."""
    if not file.exists():
        raise BenchError("callgrind wrote no counts; is this valgrind older than the processor?")
    objects: dict[str, str] = {}
    functions: dict[str, str] = {}
    totals: Counter = Counter()
    kind, function, called, is_call = "other", "", "", False
    for line in file.read_text(errors="replace").splitlines():
        if found := re.fullmatch(r"(c?ob)=\((\d+)\)(?: (.*))?", line):
            name = _named(found[2], found[3], objects)
            kind = kind if found[1] == "cob" else _kind(name)
        elif found := re.fullmatch(r"(c?fn)=\((\d+)\)(?: (.*))?", line):
            name = _named(found[2], found[3], functions)
            function, called = (function, name) if found[1] == "cfn" else (name, called)
        elif line.startswith("calls="):
            is_call = True
            # The library's functions call one another.
            if ALLOCATING.fullmatch(called) and not ALLOCATING.fullmatch(function):
                calls = int(line.removeprefix("calls=").split()[0])
                totals[ALLOCATIONS] += calls
                totals[OWN_ALLOCATIONS] += calls if kind == "own" else 0
        elif re.match(r"[+\-*\d]", line):
            if not is_call:
                totals[kind] += int(line.split()[-1])
            is_call = False
    totals["all"] = sum(totals[kind] for kind in KINDS)
    return totals


# The C library's functions, as callgrind names them: with a number behind one that is called from within itself.
ALLOCATING = re.compile(r"(malloc|calloc|realloc|posix_memalign|aligned_alloc)('\d+)?")


def _named(number: str, name: str | None, names: dict[str, str]) -> str:
    """The name behind a number, which callgrind writes the first time alone."""
    return names.setdefault(number, name or "")


def _kind(path: str) -> str:
    name = Path(path).name
    if name.startswith(("libcrypto", "libssl")):
        return "OpenSSL"
    if name.startswith(("libc.", "libm.", "libpthread", "ld-linux", "libgcc")):
        return "libc"
    if name.startswith("libsqlite"):
        return "SQLite"
    return "own" if name.startswith(("fauxguard", "nginx")) else "other"
