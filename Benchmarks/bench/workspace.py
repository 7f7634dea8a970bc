"""The work folder, and the run's own voice."""

import fcntl
import os
import shutil
import sys
import time
from pathlib import Path

from .errors import BenchError

# Relative, so that printed commands work from any clone's root.
FOLDER = Path("Benchmarks")
WORK = FOLDER / "work"

_begun = time.monotonic()


def prepare() -> int:
    """Empties the work folder; the returned descriptor holds the lock that keeps a second run out."""
    lock = os.open(FOLDER, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BenchError("another run is under way in this clone") from None
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(mode=0o700)
    return lock


def say(text: str) -> None:
    """Progress goes to standard error: standard output is the report."""
    print(f"[{time.monotonic() - _begun:6.1f} s] {text}", file=sys.stderr, flush=True)
