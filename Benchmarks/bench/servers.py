"""The servers under test, behind one face."""

import json
import signal
import socket
import time
from pathlib import Path
from typing import Protocol

from . import processes
from .errors import BenchError
from .exchange import Answer, Client
from .lab import Workload
from .parity import Handshake
from .processes import Child

POLL_INTERVAL = 0.0005


class Server(Protocol):
    """What the measurements need to know of a server."""

    name: str
    ca: Path
    ready_means: str

    @property
    def pid(self) -> int:
        """The process that serves: the one whose CPU time and memory count."""

    def start(self) -> float:
        """Starts it and returns the seconds from exec until it was ready."""

    def stop(self) -> None: ...

    def check_alive(self) -> None:
        """Raises, with its last words, if it has ended."""

    def port(self, workload: Workload) -> int: ...

    def samples(self, workload: Workload) -> list[int]:
        """The requests to try singly before and after a load."""


class FauxGuard:
    """`fauxguard serve` with one loop on one core; PKI and registry stay in the data folder between starts."""

    ready_means = "the ready file exists"

    def __init__(self, binary: str, work: Path, core: int, name: str = "FauxGuard", settings: str = ""):
        self.name, self._work = name, work
        work.mkdir(parents=True, exist_ok=True)
        self._ready_file = work / "ready.json"
        self.command = processes.pinned(core, [binary, "serve", "--loops", "1", "--log-level", "warning"])
        self.command += ["--listen", "bench=127.0.0.1:0", "--admin", "127.0.0.1:0", "--seed", "1"]
        self.command += ["--data", str(work / "data"), "--registry", str(work / "registry.yaml")]
        self.command += ["--ready-file", str(self._ready_file)]
        if settings:
            configuration = work / "fauxguard.yaml"
            configuration.write_text(settings)
            self.command += ["--config", str(configuration)]
        self._child: Child | None = None
        self._facts: dict = {}

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def ca(self) -> Path:
        return Path(self._facts["ca"])

    @property
    def key(self) -> Path:
        """The key of the certificate that clients with a name are shown, which nginx is given too."""
        return self.ca.parent / "named.key"

    def port(self, workload: Workload) -> int:
        return int(self._facts["listeners"]["bench"].rpartition(":")[2])

    @property
    def admin_port(self) -> int:
        return int(self._facts["admin"].rpartition(":")[2])

    def samples(self, workload: Workload) -> list[int]:
        count = len(workload.bodies)
        return sorted({index * count // 5 for index in range(5)} | {count - 1})

    def start(self) -> float:
        self._ready_file.unlink(missing_ok=True)
        begun = time.monotonic()
        self._child = Child(self.command, self._work / "fauxguard.log")
        while not self._ready_file.exists():
            self._child.check_alive()
            if time.monotonic() - begun > 60:
                raise BenchError(f"FauxGuard wrote no ready file within 60 s\n{self._child.tail()}")
            time.sleep(POLL_INTERVAL)
        seconds = time.monotonic() - begun
        self._facts = json.loads(self._ready_file.read_text())
        if self._facts["pid"] != self._child.pid:
            raise BenchError(f"the ready file names pid {self._facts['pid']}, but {self._child.pid} was started")
        return seconds

    def stop(self) -> None:
        if status := self._child.stop():
            raise BenchError(f"FauxGuard ended with status {status} after SIGTERM\n{self._child.tail()}")

    def check_alive(self) -> None:
        self._child.check_alive()

    def prime(self, workload: Workload) -> None:
        """Sends every request of a workload once, each of which must succeed."""
        with Client(self.port(workload), self.ca) as client:
            for index in range(len(workload.bodies)):
                client.exchange(workload, index)


class Nginx:
    """nginx with one worker on one core. It answers each workload on a port of its own, with a fixed body."""

    ready_means = "the first connection is accepted"

    def __init__(self, name: str, folder: Path, core: int, ca: Path, key: Path, handshake: Handshake):
        self.name, self.ca, self._folder = name, ca, folder
        self.key, self._handshake = key, handshake
        self._bodies: dict[str, tuple[int, bytes, str]] = {}
        self._child: Child | None = None
        self._worker = 0
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "chain.pem").write_text("".join(handshake.chain))
        start = ["nginx", "-p", f"{folder.absolute()}/", "-e", "stderr", "-c", "nginx.conf"]
        self.command = processes.pinned(core, start)

    def answer(self, workload: Workload, body: bytes, content_type: str) -> None:
        """Sets what a workload's port answers from the next start on."""
        # nginx has no way to write a dollar sign in a `return` text; only the human page could hold one.
        text = body if not set(b"$\\'\r") & set(body) else b"x" * len(body)
        text = text.replace(b"\n", b"\\n")
        if len(text) > 4000:
            raise BenchError(f"the {workload.name} answer has {len(text)} bytes: too long for one nginx parameter")
        self._bodies[workload.name] = (_free_port(), text, content_type)

    def only(self, workload: Workload) -> None:
        """Drops the other ports: each carries a TLS context that would count in nginx's memory and start."""
        self._bodies = {workload.name: self._bodies[workload.name]}

    @property
    def pid(self) -> int:
        return self._worker

    @property
    def master(self) -> int:
        return self._child.pid

    def port(self, workload: Workload) -> int:
        return self._bodies[workload.name][0]

    def samples(self, workload: Workload) -> list[int]:
        return [0]

    def start(self) -> float:
        (self._folder / "nginx.conf").write_text(self.configuration())
        port = next(iter(self._bodies.values()))[0]
        begun = time.monotonic()
        self._child = Child(self.command, self._folder / "nginx.log")
        while not _accepts(port):
            self._child.check_alive()
            if time.monotonic() - begun > 10:
                raise BenchError(f"{self.name} accepted no connection within 10 s\n{self._child.tail()}")
            time.sleep(POLL_INTERVAL)
        seconds = time.monotonic() - begun
        while not (workers := processes.children_of(self._child.pid)):
            self._child.check_alive()
            time.sleep(POLL_INTERVAL)
        self._worker = workers[0]
        return seconds

    def stop(self) -> None:
        if status := self._child.stop(signal.SIGTERM):
            raise BenchError(f"{self.name} ended with status {status} after SIGTERM\n{self._child.tail()}")

    def check_alive(self) -> None:
        self._child.check_alive()

    def configuration(self, elided: bool = False) -> str:
        """The whole configuration file; `elided` replaces the fixed bodies by their length, for reading."""
        servers = []
        for workload, (port, body, content_type) in self._bodies.items():
            text = f"… {len(body)} bytes …" if elided else body.decode()
            servers.append(
                f"    server {{ # {workload}\n"
                f"        listen 127.0.0.1:{port} ssl backlog=1024;\n"
                f"        location / {{ default_type '{content_type}'; return 200 '{text}'; }}\n"
                f"    }}\n"
            )
        return _CONFIGURATION.format(
            key=self.key.absolute(),
            sealed="on" if self._handshake.tickets_hold_state else "off",
            tickets=self._handshake.tickets,
            servers="".join(servers),
        )


# `user root` keeps a worker started by root from changing to an account that cannot read the work folder; nginx
# ignores it (with a warning) for everybody else. Relative paths are taken from the folder given with -p.
_CONFIGURATION = """\
user root;
daemon off;
worker_processes 1;
pid nginx.pid;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    ssl_certificate chain.pem;
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache off;
    ssl_session_tickets {sealed};
    ssl_conf_command NumTickets {tickets};
{servers}}}
"""


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except ConnectionRefusedError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(server: Server, workload: Workload) -> Answer:
    """Tries single requests; all their answers must be right and of one size. Returns the first."""
    server.check_alive()
    answers = []
    for index in server.samples(workload):
        with Client(server.port(workload), server.ca) as client:
            answers.append(client.exchange(workload, index))
    if len({answer.size for answer in answers}) != 1:
        sizes = [answer.size for answer in answers]
        raise BenchError(f"{server.name}: {workload.name} answers differ in size: {sizes}")
    return answers[0]
