"""Servers for the acceptance tests: the built binary, on free loopback ports, without anything kept on disk."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("FAUXGUARD_BINARY", ROOT / ".build/release/fauxguard"))
START_SECONDS = 30
STOP_SECONDS = 15


@dataclass(frozen=True)
class Server:
    """A server that accepts."""

    port: int
    admin: str
    authority: str
    """The lab CA's file: the one thing that a client here trusts."""
    pki: str
    """Where the authorities' lists and OCSP answers are."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def process(self) -> str:
        return f"{self.url}/SoftToken/Provisioning.asmx/Process"


@pytest.fixture(scope="session", autouse=True)
def no_surroundings() -> None:
    """Clients trust what a test tells them, and go where it sends them: some prefer the environment's word."""
    for name in list(os.environ):
        if name.upper().endswith(("_PROXY", "_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")):
            del os.environ[name]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The one that most tests share."""
    with serving(tmp_path_factory.mktemp("server")) as shared:
        yield shared


@pytest.fixture
def server_apart(tmp_path: pathlib.Path) -> Iterator[Server]:
    """One for a test that changes what the others rely on."""
    with serving(tmp_path) as apart:
        yield apart


@contextlib.contextmanager
def serving(folder: pathlib.Path) -> Iterator[Server]:
    """A server while the block runs; it must end in good order."""
    ready, log = folder / "ready.json", folder / "log.txt"
    command = [BINARY, "serve", "--ephemeral", "--registry", ROOT / "Config/registry.yaml"]
    command += ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--pki", "127.0.0.1:0", "--ready-file", ready]
    # No setting of whoever runs the tests leaks in, and no configuration file: the folder is empty.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FAUXGUARD_")}
    environment["FAUXGUARD_PKI_PROFILES"] = str(ROOT / "Certs/profiles.yaml")
    environment["FAUXGUARD_SCENARIOS"] = str(ROOT / "Config/scenarios")
    with log.open("wb") as output:
        child = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, env=environment)
    try:
        end = time.monotonic() + START_SECONDS
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the server did not become ready:\n{log.read_text()}")
            time.sleep(0.02)
        facts = json.loads(ready.read_text())
        pki = re.search(r"(http://\S+)/ca\.pem", log.read_text()).group(1)
        yield Server(int(facts["listen"][0].rsplit(":", 1)[1]), facts["admin"], facts["ca"], pki)
        child.send_signal(signal.SIGTERM)
        assert child.wait(STOP_SECONDS) == 0, log.read_text()
    finally:
        child.kill()
        child.wait()


@pytest.fixture(params=["activation-expired", "provision-foreign"])
def published(request: pytest.FixtureRequest) -> tuple[bytes, bytes]:
    """A published request and its answer."""
    fixtures = ROOT / "Tests/Fixtures"
    ask, answer = (fixtures / f"{request.param}.{half}.json" for half in ("request", "response"))
    return ask.read_bytes(), answer.read_bytes()
