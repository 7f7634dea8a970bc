"""Where and on what the figures were made, and whether that place can carry them."""

import os
import platform
import re
import resource
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from .errors import BenchError
from .options import Options
from .workspace import WORK

_SYNCS = 200


def require_descriptors(connections: int) -> None:
    """Raises the soft limit for all children; a connection takes a descriptor on either side."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < (needed := connections + 1000):
        raise BenchError(f"{connections:,} connections need {needed} descriptors a process; `ulimit -Hn` says {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def disk() -> str:
    """Describes the file system of the work folder; refuses memory, on which nothing is durable."""
    kind, device = _mount_of(WORK.resolve())
    if kind in ("tmpfs", "ramfs"):
        raise BenchError(f"{WORK} lies on {kind}: durable provisioning can only be measured on a disk")
    microseconds = _sync_times()
    return (
        f"{kind} on {device}; fdatasync after a 4 KiB write: median {median(microseconds):.0f} µs, "
        f"99th percentile {microseconds[len(microseconds) * 99 // 100]:.0f} µs"
    )


def busy_share() -> float:
    """The share of all cores in use over one second, before anything was started."""

    def read() -> tuple[int, int]:
        ticks = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(ticks), ticks[3] + ticks[4]

    total, idle = read()
    time.sleep(1)
    later_total, later_idle = read()
    return 1 - (later_idle - idle) / max(1, later_total - total)


def collect(options: Options, disk_facts: str, busy: float) -> dict[str, str]:
    """What a reader needs to judge the figures or to repeat them."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    cores = f"server on core {options.server_core}, load generator on core {options.client_core}"
    binary = "none (a second nginx in its place)" if options.against_itself else _output(options.binary, "--version")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "machine": f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores; {_memory()}",
        "in use before the run": f"{busy:.0%} of all cores" + (" (NOT A QUIET MACHINE)" if busy > 0.10 else ""),
        "pinned": cores,
        "kernel": f"{platform.system()} {platform.release()}",
        "system": _system(),
        "disk": disk_facts,
        "FauxGuard": binary,
        "Swift": _output("swift", "--version"),
        "nginx": _output("nginx", "-v").removeprefix("nginx version: "),
        "OpenSSL": _output("openssl", "version"),
        "wrk": _output("wrk", "-v"),
        "Python": platform.python_version(),
        "rounds": f"{options.rounds} of {options.seconds} s, alternating; {options.connections} connections",
    }


def _mount_of(path: Path) -> tuple[str, str]:
    best, found = "", ("unknown", "unknown")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        point = left.split()[4]
        if path.is_relative_to(point) and len(point) >= len(best):
            best, found = point, (right.split()[0], right.split()[1])
    return found


def _sync_times() -> list[float]:
    path = WORK / "fdatasync.probe"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    times = []
    try:
        for index in range(_SYNCS):
            os.pwrite(descriptor, bytes([index % 256]) * 4096, index * 4096)
            begun = time.perf_counter()
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - begun) * 1e6)
    finally:
        os.close(descriptor)
        path.unlink()
    return sorted(times)


def _output(*command: str) -> str:
    """The first line that a command prints."""
    if not shutil.which(command[0]):
        return "not installed"
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else f"unknown (status {done.returncode})"


def _commit() -> str:
    clean = subprocess.run(["git", "diff", "--quiet", "HEAD"], capture_output=True, check=False).returncode == 0
    return _output("git", "rev-parse", "--short=12", "HEAD") + ("" if clean else ", with uncommitted changes")


def _memory() -> str:
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
