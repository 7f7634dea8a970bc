"""Child processes: started, measured through /proc, and ended by their own pid."""

import contextlib
import os
import shlex
import signal
import subprocess
from pathlib import Path

from .errors import BenchError

_TICKS = os.sysconf("SC_CLK_TCK")
_running: list["Child"] = []


class Child:
    """One started process. Its output goes to a log file unless the caller reads it."""

    def __init__(self, command: list[str], log: Path, piped: bool = False):
        self.command, self.log = command, log
        pipe = subprocess.PIPE if piped else None
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=pipe or subprocess.DEVNULL,
                stdout=pipe or output,
                stderr=output,
                env=clean_environment(),
                text=True,
                # A Ctrl-C is for the harness, which then ends its children in order.
                start_new_session=True,
            )
        _running.append(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    def check_alive(self) -> None:
        if (status := self._process.poll()) is not None:
            raise BenchError(f"ended with status {status}: {shlex.join(self.command)}\n{self.tail()}")

    def tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-12:] if self.log.exists() else []
        return "\n".join(f"    {line}" for line in lines) or "    (it printed nothing)"

    def ask(self, line: str) -> str:
        """Sends one line to a piped child and reads one line back."""
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise BenchError(f"no answer to {line!r} from {shlex.join(self.command)}\n{self.tail()}")
        return answer

    def stop(self, with_signal: int = signal.SIGTERM, patience: float = 10) -> int:
        """Ends the process, by force when it does not listen; returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(with_signal)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
        status = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        if self in _running:
            _running.remove(self)
        return status


def stop_all() -> None:
    """Ends whatever still runs, the youngest first."""
    for child in reversed(_running.copy()):
        child.stop(patience=3)


def run(command: list[str], log: Path, patience: float) -> str:
    """Runs a command to its end and returns what it printed; a failure names the command and its last lines."""
    child = Child(command, log, piped=True)
    try:
        output, _ = child._process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        child.stop()
        raise BenchError(f"not done after {patience:.0f} s: {shlex.join(command)}\n{child.tail()}") from None
    if status := child.stop():
        raise BenchError(f"ended with status {status}: {shlex.join(command)}\n{child.tail()}")
    return output


def clean_environment() -> dict[str, str]:
    """The environment without what would change the server under test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FAUXGUARD_")}


def pinned(core: int, command: list[str]) -> list[str]:
    """The command on one core. taskset replaces itself by the command, so the pid stays."""
    return ["taskset", "-c", str(core), *command]


def shown(command: list[str]) -> str:
    """The command as one would type it in the repository's root of any clone."""
    return portable(shlex.join(command))


def portable(text: str) -> str:
    """The text without this clone's place."""
    return text.replace(f"{Path.cwd()}/", "$PWD/")


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads, those that have ended included."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def core_seconds(core: int) -> float:
    """Time that one core has been in use, by whomever."""
    for line in _read("/proc/stat").splitlines():
        if line.startswith(f"cpu{core} "):
            user, nice, system, _, _, irq, softirq, steal = (int(ticks) for ticks in line.split()[1:9])
            return (user + nice + system + irq + softirq + steal) / _TICKS
    raise BenchError(f"no cpu{core} in /proc/stat")


def resident_kib(pid: int) -> int:
    """VmRSS."""
    return _field(f"/proc/{pid}/status", "VmRSS:")


def proportional_kib(pid: int) -> int:
    """Pss: shared pages counted by their share."""
    return _field(f"/proc/{pid}/smaps_rollup", "Pss:")


def written_bytes(pid: int) -> int:
    """What the process has caused to be written to a disk."""
    return _field(f"/proc/{pid}/io", "write_bytes:")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]


def thread_states(pid: int) -> list[str]:
    """What each thread is doing, in the kernel's letters: R, S, T for one that is stopped."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [_read(f"{task}/stat").rpartition(")")[2].split()[0] for task in tasks]


def libraries(pid: int, *stems: str) -> list[str]:
    """The paths of the mapped libraries whose file names start so."""
    paths = {line.split()[-1] for line in _read(f"/proc/{pid}/maps").splitlines() if "/" in line}
    return sorted(path for path in paths if Path(path).name.startswith(stems))


def _field(path: str, name: str) -> int:
    for line in _read(path).splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise BenchError(f"no {name} in {path}")


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError) as error:
        raise BenchError(f"{path} is gone: the process has ended") from error
