"""The rows of the result: one function each measures and adds its figures and what stands beside them."""

import json
import signal
import time
from statistics import median

from . import processes
from .errors import BenchError
from .beside import answered_beside, percentile
from .exchange import Client
from .figures import Figure, Floor, Results, Table, alternate, spread
from .lab import HANDSHAKES, POLLING, PROVISIONING
from .load import Handshakes, KeepAlive, Sample
from .options import Options
from .processes import Child
from .profiling import profile
from .servers import FauxGuard, Nginx, Server, check
from .workspace import WORK, say

Pair = tuple[Server, Server]

# Issue 2, "Figures"; the bounds are ratios to nginx but for the last.
POLLING_FLOOR = Floor(0.75, at_least=True, aim=1.00)
PROVISIONING_FLOOR = Floor(0.40, at_least=True, aim=0.50)
HANDSHAKE_FLOOR = Floor(1.05)
MEMORY_FLOOR, MEMORY_FLOOR_LEVEL = Floor(1.08, aim=1.00), 10_000
ADMIN_FLOOR = Floor(50, absolute=True, unit="ms")
IDLE_BESIDE_ADMIN = 4_000
READY_FLOOR = Floor(40, absolute=True, unit="ms")

DISTURBED = 0.10  # of the server's core; its interrupts alone take a few per cent
CORE = ["core: the server", "core: others"]


def polling(servers: Pair, options: Options, results: Results) -> None:
    load = KeepAlive(POLLING, WORK, options)
    samples = _loaded("polling", load, servers, options, results)
    _add_rate(samples, "keep-alive polling", POLLING_FLOOR, servers, results)


def provisioning(servers: Pair, options: Options, results: Results) -> None:
    load = KeepAlive(PROVISIONING, WORK, options)
    samples = _loaded("provisioning", load, servers, options, results)
    _add_rate(samples, "keep-alive provisioning, durable", PROVISIONING_FLOOR, servers, results)
    if options.against_itself:
        return
    written = sum(ours.written for ours, _ in samples)
    if not written:
        raise BenchError("FauxGuard wrote nothing to the disk while it provisioned: the figure would not be durable")
    each = written / sum(ours.done for ours, _ in samples)
    results.notes.append(f"Provisioning wrote {each:,.0f} bytes to the disk per answered request (/proc/PID/io).")


def handshakes(servers: Pair, options: Options, results: Results) -> None:
    load = Handshakes(HANDSHAKES, WORK, options)
    samples = _loaded("handshakes", load, servers, options, results)
    pairs = [(ours.cpu_us, theirs.cpu_us) for ours, theirs in samples]
    results.figures.append(Figure("CPU per full handshake", "µs", pairs, HANDSHAKE_FLOOR))
    header = ["server", "connections/s", "CPU µs/connection", *CORE]
    table = Table("Full handshakes (TLS 1.3)", header)
    for server, mine in zip(servers, zip(*samples)):
        rates = spread([sample.rate for sample in mine])
        table.rows.append([server.name, rates, spread([sample.cpu_us for sample in mine]), *_shares(mine)])
    results.tables.append(table)


def admin(servers: Pair, options: Options, results: Results) -> None:
    """The operator's own requests while the data plane is saturated and thousands of its connections are idle.

    nginx has no such plane: its figure is what a request on one more connection of the saturated worker waits.
    """
    idle = 200 if options.quick else IDLE_BESIDE_ADMIN
    load = KeepAlive(POLLING, WORK, options)

    def measure(server: Server) -> list[float]:
        times = answered_beside(server, load, options, idle)
        say(f"admin: {server.name} p99 {percentile(times, 99):.1f} ms of {len(times)} answers")
        return times

    rounds = alternate(servers, options.rounds, measure)
    pairs = [(percentile(ours, 99), percentile(theirs, 99)) for ours, theirs in rounds]
    results.figures.append(Figure("admin answer beside full load, p99", "ms", pairs, ADMIN_FLOOR, decimals=1))
    table = Table("Answers beside full load, ms", ["server", "asked for", "idle connections", "p50", "p99", "answers"])
    for side, server in enumerate(servers):
        mine = [both[side] for both in rounds]
        asked = "a page of 100 licenses, admin plane" if isinstance(server, FauxGuard) else "the short page"
        row = [server.name, asked, f"{idle:,}"]
        row += [spread([percentile(times, share) for times in mine], 1) for share in (50, 99)]
        table.rows.append([*row, f"{sum(map(len, mine)):,}"])
    results.tables.append(table)


def memory(servers: Pair, options: Options, results: Results) -> None:
    """Idle keep-alive connections, on servers started afresh for each round."""

    def measure(server: Server) -> list[dict[str, int]]:
        say(f"memory: {server.name}")
        return _with_idle_connections(server, options, results)

    rounds = alternate(servers, options.memory_rounds, measure)
    table = Table("Memory, MiB", ["server", "idle connections", "RSS", "Pss", "KiB per connection", "master's RSS"])
    for index, level in enumerate(options.levels):
        pairs = [(ours[index]["rss"] / 1024, theirs[index]["rss"] / 1024) for ours, theirs in rounds]
        floor = MEMORY_FLOOR if level == MEMORY_FLOOR_LEVEL else None
        results.figures.append(Figure(f"memory, {level:,} idle connections", "MiB", pairs, floor, decimals=1))
        for side, server in enumerate(servers):
            found = [both[side] for both in rounds]
            grown = [(at[index]["rss"] - at[0]["rss"]) / level for at in found] if level else []
            masters = [at[index]["master"] / 1024 for at in found if "master" in at[index]]
            row = [server.name, f"{level:,}"]
            row += [spread([at[index][key] / 1024 for at in found], 1) for key in ("rss", "pss")]
            table.rows.append([*row, *(spread(v, 1) if v else "–" for v in (grown, masters))])
    results.tables.append(table)
    if MEMORY_FLOOR_LEVEL not in options.levels:
        results.notes.append(f"Not measured in this run: memory with {MEMORY_FLOOR_LEVEL:,} idle connections.")


def ready(servers: Pair, options: Options, results: Results) -> None:
    """Start to ready, with keys and store in place. Each start then answers one verified request."""

    def measure(server: Server) -> float:
        seconds = server.start()
        check(server, POLLING)
        server.stop()
        return seconds * 1000

    say("ready")
    pairs = alternate(servers, options.starts, measure)
    results.figures.append(Figure("start to ready", "ms", pairs, READY_FLOOR, decimals=1))
    means = "; ".join(f"{server.name}: {server.ready_means}" for server in servers)
    results.notes.append(f"Ready, measured from exec by looking every 0.5 ms ({means}).")


def _loaded(
    name: str, load: KeepAlive | Handshakes, servers: Pair, options: Options, results: Results
) -> list[tuple[Sample, Sample]]:
    """Warms both servers up, then measures in alternating rounds."""
    for server in servers:
        results.commands[f"{name}, on {server.name}"] = processes.shown(load.command(server, options.seconds))
        load.round(server, 1)

    def measure(server: Server) -> Sample:
        sample = load.round(server, options.seconds)
        say(f"{name}: {server.name} {sample.rate:,.0f}/s, {sample.cpu_us:,.1f} µs CPU each")
        return sample

    samples = alternate(servers, options.rounds, measure)
    lost = max(sample.core_lost for pair in samples for sample in pair)
    if lost > DISTURBED:
        results.notes.append(f"**Disturbed**: in a round of {name}, others used {lost:.0%} of the server's core.")
    if options.profile:
        results.profiles[name] = profile(load, servers[0], options.seconds, results)
    return samples


def _add_rate(
    samples: list[tuple[Sample, Sample]], title: str, floor: Floor, servers: Pair, results: Results
) -> None:
    pairs = [(ours.rate, theirs.rate) for ours, theirs in samples]
    results.figures.append(Figure(title, "req/s", pairs, floor))
    costs = Figure(f"{title}, CPU", "µs", [(ours.cpu_us, theirs.cpu_us) for ours, theirs in samples], decimals=1)
    if interval := costs.interval:
        low, high = interval
        results.notes.append(
            f"{costs.title}: the median of the paired ratios is {costs.ratio:.3f}; "
            f"with 95 % confidence it lies in {low:.3f} to {high:.3f} ({len(pairs)} alternating rounds)."
        )
    header = ["server", "req/s", "p50 ms", "p99 ms", "CPU µs/request", *CORE]
    table = Table(title[0].upper() + title[1:], header)
    for server, mine in zip(servers, zip(*samples)):
        table.rows.append(
            [
                server.name,
                spread([sample.rate for sample in mine]),
                spread([sample.p50 for sample in mine], 2),
                spread([sample.p99 for sample in mine], 1),
                spread([sample.cpu_us for sample in mine], 1),
                *_shares(mine),
            ]
        )
    results.tables.append(table)


def _shares(samples: tuple[Sample, ...]) -> list[str]:
    used, lost = (median(values) for values in zip(*((one.core_in_use, one.core_lost) for one in samples)))
    return [f"{used:.0%}", f"{lost:.0%}"]


def _with_idle_connections(server: Server, options: Options, results: Results) -> list[dict[str, int]]:
    server.start()
    port = server.port(POLLING)
    request = WORK / f"idle-{port}.request"
    request.write_bytes(POLLING.request(port))
    options_of_client = ["--port", str(port), "--request", str(request)]
    command = processes.pinned(
        options.client_core, ["python3", "Benchmarks/load/connections.py", "idle", *options_of_client]
    )
    results.commands[f"memory, on {server.name}"] = processes.shown(command)
    client = Child(command, WORK / "connections.log", piped=True)
    found = []
    for level in options.levels:
        if level and json.loads(client.ask(f"open {level}"))["open"] != level:
            raise BenchError(f"{server.name} does not hold {level} connections")
        found.append(_settled(server))
    if dropped := json.loads(client.ask("check"))["dropped"]:
        raise BenchError(f"{server.name} dropped {dropped} idle connections before they were counted")
    with Client(port, server.ca) as one_more:
        one_more.exchange(POLLING)
    client.stop(signal.SIGKILL)
    server.stop()
    return found


def _settled(server: Server) -> dict[str, int]:
    """Memory once it no longer changes: frees and late handshake messages trail behind the last answer."""
    previous = now = -1
    for _ in range(20):
        time.sleep(0.5)
        if (now := processes.resident_kib(server.pid)) == previous:
            break
        previous = now
    found = {"rss": now, "pss": processes.proportional_kib(server.pid)}
    if isinstance(server, Nginx):
        found["master"] = processes.resident_kib(server.master)
    return found
