"""The command line."""

import argparse
import os
from dataclasses import dataclass

ROWS = ("polling", "provisioning", "handshakes", "admin", "memory", "ready")
USAGE = 64  # EX_USAGE, as everywhere in the project


@dataclass(frozen=True)
class Options:
    """How to run; see `parser` for each."""

    binary: str
    rows: tuple[str, ...]
    rounds: int
    seconds: int
    connections: int
    levels: tuple[int, ...]
    memory_rounds: int
    starts: int
    server_core: int
    client_core: int
    quick: bool
    check: bool
    profile: bool
    write_results: bool
    against_itself: bool
    journal_cost: bool
    beside: str | None
    faults: bool
    instructions: bool


def parse(arguments: list[str]) -> Options:
    """Reads the command line; a wrong one prints its reason and ends with status 64."""
    parser = _Parser(
        prog="Benchmarks/run",
        description="FauxGuard beside nginx, on one core each. Benchmarks/README.md says how to read the result.",
        epilog="exit status: 0 done, 1 something did not run, 3 a floor was missed (with --check), 64 wrong usage",
    )
    parser.add_argument("--quick", action="store_true", help="a smoke run of about a minute; its figures mean little")
    parser.add_argument("--check", action="store_true", help="exit with status 3 when a floor is missed, or more instructions are counted than RESULTS.md records")
    parser.add_argument("--write-results", action="store_true", help="write Benchmarks/RESULTS.md (complete runs only)")
    parser.add_argument("--profile", action="store_true", help="after each load, record one more round with perf")
    parser.add_argument("--rows", default=",".join(ROWS), metavar="ROW,…", help=f"only these of {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=_count, help="rounds of each load (default 5; 2 with --quick)")
    parser.add_argument("--seconds", type=_count, help="length of a round (default 6; 2 with --quick)")
    parser.add_argument("--binary", default=".build/release/fauxguard", help="default: %(default)s")
    parser.add_argument("--server-core", type=int, default=0, metavar="N", help="default: %(default)s")
    parser.add_argument("--client-core", type=int, default=1, metavar="N", help="default: %(default)s")
    itself = "a second nginx in FauxGuard's place: shows the method's own noise"
    parser.add_argument("--against-itself", action="store_true", help=itself)
    cost = "FauxGuard with its journal off in nginx's place: shows what the journal costs; no floors"
    parser.add_argument("--journal-cost", action="store_true", help=cost)
    beside = "another FauxGuard in nginx's place: shows what a change costs, with intervals; no floors"
    parser.add_argument("--beside", metavar="BINARY", help=beside)
    faults = "thousands of requests under fault rules instead of the rows: held back, and parked for good"
    parser.add_argument("--faults", action="store_true", help=faults)
    instructions = "instructions per request by library, counted under valgrind instead of the rows: needs no quiet machine"
    parser.add_argument("--instructions", action="store_true", help=instructions)
    given = parser.parse_args(arguments)
    rows = tuple(given.rows.split(","))
    if unknown := set(rows) - set(ROWS):
        parser.error(f"unknown row: {', '.join(sorted(unknown))}")
    others = [given.against_itself, given.journal_cost, bool(given.beside), given.faults, given.instructions]
    is_other = any(others) and not given.instructions
    if given.write_results and (given.quick or is_other or set(rows) != set(ROWS)):
        parser.error("--write-results needs a complete run beside nginx: not --quick and not a part of the rows")
    if sum(others) > 1:
        parser.error("--against-itself, --journal-cost, --beside, --faults and --instructions are different comparisons")
    if given.server_core == given.client_core or not {given.server_core, given.client_core} <= os.sched_getaffinity(0):
        cores = sorted(os.sched_getaffinity(0))
        parser.error(f"server and load generator need a core each; this process may use {cores}")
    return Options(
        binary=given.binary,
        rows=rows,
        rounds=given.rounds or (2 if given.quick else 5),
        seconds=given.seconds or (2 if given.quick else 6),
        connections=64,
        levels=(0, 1000) if given.quick else (0, 1000, 10_000),
        memory_rounds=1 if given.quick else 3,
        starts=3 if given.quick else 10,
        server_core=given.server_core,
        client_core=given.client_core,
        quick=given.quick,
        check=given.check,
        profile=given.profile,
        write_results=given.write_results,
        against_itself=given.against_itself,
        journal_cost=given.journal_cost,
        beside=given.beside,
        faults=given.faults,
        instructions=given.instructions,
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("not a whole number above 0")
    return int(text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        self.exit(USAGE, f"{self.prog}: {message}\n")
