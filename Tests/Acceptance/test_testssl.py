"""What testssl.sh finds, with a handshake of its own in shell: no protocol, cipher or hole of the past."""

import json
import pathlib
import subprocess

import pytest

# What is so by design: a lab's leaf names no list unless --pki publishes one, its names are in nobody's DNS, TLS 1.2
# keeps CBC suites for old appliances (OpenSSL's are constant in time), and no engine of GOST is asked for. Its look at
# resumption leaves as soon as its input has ended, on a busy machine before TLS 1.3's ticket is there, and then says
# that it could not connect; test_scanner.py holds resumption.
MEANT = {"cert_revocation", "DNS_CAArecord", "LUCKY13", "engine_problem", "sessionresumption_ticket"}
# From here on its status is no count of what it found or could not look at, but says why it gave up.
GAVE_UP = 242
HOLES = ["--heartbleed", "--ccs-injection", "--ticketbleed", "--renegotiation", "--crime", "--poodle", "--tls-fallback"]
HOLES += ["--sweet32", "--freak", "--drown", "--logjam", "--beast", "--rc4", "--robot"]


@pytest.fixture(scope="module")
def findings(server, tmp_path_factory) -> list[dict[str, str]]:
    report: pathlib.Path = tmp_path_factory.mktemp("testssl") / "report.json"
    command = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--add-ca", server.authority]
    command += ["--jsonfile", str(report), "--protocols", "--server-defaults", *HOLES]
    command += ["--ip", "127.0.0.1", f"localhost:{server.port}"]
    scan = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert scan.returncode < GAVE_UP, scan.stdout + scan.stderr
    return json.loads(report.read_text())


def test_nothing_is_found_but_what_is_meant(findings):
    found = {entry["id"]: entry["finding"] for entry in findings if entry["severity"] not in ("OK", "INFO")}
    assert {name: text for name, text in found.items() if name not in MEANT} == {}


@pytest.mark.parametrize("name", ["TLS1_2", "TLS1_3", "heartbleed", "CCS", "ROBOT", "POODLE_SSL", "cert_chain_of_trust"])
def test_it_was_looked_at(findings, name):
    """A scan that saw nothing would find nothing."""
    entries = [entry for entry in findings if entry["id"] == name]
    assert [entry["severity"] for entry in entries] == ["OK"], entries
