"""A second nginx in FauxGuard's place, to see how far two equal servers seem apart on this machine."""

import json
import subprocess
from pathlib import Path

from .lab import HANDSHAKES, POLLING, PROVISIONING, Workload
from .parity import Handshake
from .servers import Nginx

_TYPE = "application/json; charset=utf-8"


def make(work: Path, core: int) -> Nginx:
    """Mints a throw-away certificate and answers as FauxGuard is expected to."""
    folder = work / "standin"
    folder.mkdir()
    ca, key = folder / "ca.pem", folder / "server.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command = ["openssl", "req", "-x509", *curve, *subject, "-keyout", str(key), "-out", str(ca)]
    subprocess.run(command, check=True, capture_output=True)
    handshake = Handshake("", "", "", tickets=2, tickets_hold_state=True, chain=(ca.read_text(),))
    server = Nginx("nginx (second)", folder, core, ca, key, handshake)
    pending = {"reg_id": None, "os_ver": None, "status": "pending", "error": None}
    code = "EEIOTCU3LENEDJMR"
    issued = {"token_activation_code": code, "qr_code": code, "code_expire": 10080, "error": None}
    server.answer(POLLING, _answer(POLLING, pending), _TYPE)
    server.answer(PROVISIONING, _answer(PROVISIONING, issued), _TYPE)
    server.answer(HANDSHAKES, b"<!doctype html><title>Provisioning</title><p>A short page.</p>", "text/html")
    return server


def _answer(workload: Workload, outcome: dict) -> bytes:
    asked = json.loads(workload.bodies[0])["d"]
    token = {"token": asked["tokens"][0]["token"], "license": "EFTM000000000001", **outcome}
    peers = [{"sn": peer["sn"], "error": None} for peer in asked["__clustered_sns"]]
    kind = asked["__type"].replace("Request", "Response")
    fields = asked | {"__type": kind, "__clustered_sns": peers, "tokens": [token], "result": 1, "error": None}
    return json.dumps({"d": fields}, separators=(",", ":")).encode()
