"""Where the server's time goes: one more round of a load, under perf."""

import re
import shutil
import subprocess
import time

from . import processes
from .errors import BenchError
from .figures import Results
from .load import Handshakes, KeepAlive
from .processes import Child
from .servers import Server
from .workspace import WORK, say

_SYMBOLS = 30


def require() -> None:
    """Refuses to start a run whose profiles could not be made."""
    if not shutil.which("perf"):
        raise BenchError("--profile needs perf; install it with: sudo apt-get install -y linux-perf")


def profile(load: KeepAlive | Handshakes, server: Server, seconds: int, results: Results) -> str:
    """Records the server with call graphs while the load runs; returns its time by library and by symbol.

    cpu-clock, since virtual machines often have no hardware counters. The recording stays in the work folder.
    """
    say(f"profile: {load.workload.name} on {server.name}")
    data = WORK / f"{load.workload.name}.perf"
    log = WORK / "perf.log"
    # perf runs beside the load generator, so that it takes no time from the server's core.
    record = ["perf", "record", "-e", "cpu-clock", "-F", "999", "-g", "-o", str(data), "-p", str(server.pid)]
    results.commands[f"profile of {load.workload.name}"] = processes.shown(record)
    recorder = Child(record, log)
    time.sleep(0.5)
    recorder.check_alive()
    load.round(server, seconds)
    recorder.stop(with_signal=2, patience=30)
    report = ["perf", "report", "-i", str(data), "--no-children", "-g", "none", "--stdio", "--percent-limit", "0.3"]
    by_library = _lines(processes.run([*report, "--sort", "dso"], log, 120))
    by_symbol = _lines(processes.run([*report, "--sort", "dso,symbol"], log, 120))[:_SYMBOLS]
    return _demangled("\n".join(["by library", *by_library, "", f"by symbol, the first {_SYMBOLS}", *by_symbol]))


def _lines(report: str) -> list[str]:
    """The report's rows, without its comments and its two columns for counters that cpu-clock does not have."""
    rows = [re.sub(r"(\s+-){2}\s*$", "", line).rstrip() for line in report.splitlines()]
    return [row for row in rows if row and not row.startswith("#")]


def _demangled(text: str) -> str:
    if not shutil.which("swift-demangle"):
        return text
    command = ["swift-demangle", "--simplified"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.rstrip()
