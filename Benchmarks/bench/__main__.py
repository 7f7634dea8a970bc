"""Runs the benchmark; `Benchmarks/run` starts it from the repository's root."""

import os
import shutil
import signal
import sys

from . import counts, faults, instructions, parity, processes, profiling, provenance, report, rows, standin
from .errors import BenchError
from .figures import Results
from .lab import HANDSHAKES, POLLING, PRIMING, PROVISIONING, registry_document
from .options import Options, parse
from .servers import FauxGuard, Nginx, check
from .workspace import FOLDER, WORK, prepare, say

FLOOR_MISSED = 3
LOADS = {
    "polling": rows.polling,
    "provisioning": rows.provisioning,
    "handshakes": rows.handshakes,
    "admin": rows.admin,
}
STARTS = {"memory": rows.memory, "ready": rows.ready}


def first_start(options: Options) -> tuple[FauxGuard | Nginx, FauxGuard | Nginx]:
    """Starts both servers and proves them comparable: the same answers, the same handshake."""
    if options.journal_cost:
        return two_of_ours(options, {"FauxGuard": options.binary, "FauxGuard, journal off": options.binary})
    if options.beside:
        return two_of_ours(options, {"FauxGuard": options.binary, "FauxGuard, the other": options.beside})
    if options.against_itself:
        ours = standin.make(WORK, options.server_core)
        ours.start()
    else:
        if not shutil.which(options.binary):
            raise BenchError(f"no {options.binary}; build it with: swift build -c release --product fauxguard")
        (WORK / "registry.yaml").write_text(registry_document())
        ours = FauxGuard(options.binary, WORK, options.server_core)
        ours.start()
        ours.prime(PRIMING)
    handshake = parity.observe(ours.port(HANDSHAKES), ours.ca)
    nginx = Nginx("nginx", WORK / "nginx", options.server_core, ours.ca, ours.key, handshake)
    for workload in (POLLING, PROVISIONING, HANDSHAKES):
        answer = check(ours, workload)
        nginx.answer(workload, answer.body, answer.headers["content-type"])
    nginx.start()
    for workload in (POLLING, PROVISIONING, HANDSHAKES):
        check(nginx, workload)
    theirs = parity.observe(nginx.port(HANDSHAKES), ours.ca)
    parity.check_equal(ours.name, handshake, nginx.name, theirs)
    return ours, nginx


def two_of_ours(options: Options, binaries: dict[str, str]) -> tuple[FauxGuard, FauxGuard]:
    """Starts FauxGuard twice over the same lab; where their journals are compared, the second's is off."""
    pair = []
    for name, binary in binaries.items():
        work = WORK / ("other" if pair else "one")
        settings = "journal: { entries: 0 }\n" if pair and options.journal_cost else ""
        server = FauxGuard(binary, work, options.server_core, name, settings)
        (work / "registry.yaml").write_text(registry_document())
        server.start()
        server.prime(PRIMING)
        for workload in (POLLING, PROVISIONING, HANDSHAKES):
            check(server, workload)
        pair.append(server)
    return pair[0], pair[1]


def facts(ours: FauxGuard | Nginx, nginx: FauxGuard | Nginx) -> dict[str, str]:
    """What the two running servers share, for the report."""
    found = {"handshake": parity.observe(ours.port(HANDSHAKES), ours.ca).summary}
    one, other = (processes.libraries(server.pid, "libssl", "libcrypto") for server in (ours, nginx))
    found["TLS library"] = f"{', '.join(one)}" + (" (both)" if one == other else f"; {nginx.name}: {', '.join(other)}")
    sizes = []
    for workload in (POLLING, PROVISIONING, HANDSHAKES):
        mine, its = check(ours, workload), check(nginx, workload)
        if len(mine.body) != len(its.body):
            raise BenchError(f"the {workload.name} bodies differ: {len(mine.body)} and {len(its.body)} bytes")
        heads = mine.size - len(mine.body), its.size - len(its.body)
        request = f"{len(workload.bodies[0])} in, " if workload.bodies[0] else ""
        sizes.append(f"{workload.name} {request}{len(mine.body)} out (heads {heads[0]} and {heads[1]})")
    return found | {"bytes": "; ".join(sizes)}


def count(options: Options, about: dict[str, str]) -> int:
    """Counts instructions, and writes them to RESULTS.md or holds them against it."""
    counted = instructions.measure(options)
    print(report.table_text(counted.table), flush=True)
    results = FOLDER / "RESULTS.md"
    if options.write_results:
        results.write_text(instructions.replaced(results.read_text(), counted.section(about)))
        say(f"written: {results}")
    if not options.check:
        return 0
    excesses = counted.excesses(instructions.recorded(results.read_text()))
    for excess in excesses:
        print(f"dearer than recorded: {excess}", file=sys.stderr)
    return FLOOR_MISSED if excesses else 0


def measure(options: Options) -> int:
    provenance.require_descriptors(max(options.levels))
    if options.profile:
        profiling.require()
    lock = prepare()
    busy = provenance.busy_share()
    about = provenance.collect(options, provenance.disk(), busy)
    os.sched_setaffinity(0, {options.client_core})
    if options.faults:
        print(faults.measure(options), end="", flush=True)
        os.close(lock)
        return 0
    if options.instructions:
        status = count(options, about)
        os.close(lock)
        return status
    results = Results()
    servers = first_start(options)
    ours, nginx = servers
    say("both servers are up, answer rightly and make the same handshake")
    about |= facts(ours, nginx)
    results.commands |= {server.name: processes.shown(server.command) for server in servers}
    for name, row in LOADS.items():
        if name in options.rows:
            row(servers, options, results)
    configuration = processes.portable(nginx.configuration(elided=True)) if isinstance(nginx, Nginx) else ""
    for server in servers:
        server.stop()
        if isinstance(server, Nginx):
            server.only(POLLING)
    for name, row in STARTS.items():
        if name in options.rows:
            row(servers, options, results)
    if unmeasured := [name for name in (*LOADS, *STARTS) if name not in options.rows]:
        results.notes.append(f"Not asked for in this run: {', '.join(unmeasured)}.")
    if options.beside:
        counts.compare({ours.name: options.binary, nginx.name: options.beside}, options, results)
    if set(STARTS) & set(options.rows):
        if isinstance(nginx, Nginx):
            results.notes.append(
                "For memory and ready, nginx has the polling port alone: one TLS context, as FauxGuard."
            )
    if options.journal_cost or options.beside:
        results.without_floors()
    text = report.render(results, about, (ours.name, nginx.name), configuration)
    print(text, end="", flush=True)
    if options.write_results:
        results_file = FOLDER / "RESULTS.md"
        kept = instructions.section(results_file.read_text())
        results_file.write_text(instructions.replaced(text, kept) if kept else text)
        say(f"written: {FOLDER / 'RESULTS.md'}")
    os.close(lock)
    return FLOOR_MISSED if options.check and results.shortfalls else 0


def main() -> int:
    options = parse(sys.argv[1:])

    def ended(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, ended)
    try:
        return measure(options)
    except BenchError as error:
        print(f"Benchmarks/run: {error}", file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        processes.stop_all()


if __name__ == "__main__":
    sys.exit(main())
