#!/usr/bin/env python3
"""Suites of others, which are fetched for the check and never committed, against a server of its own.

    run.py json FOLDER       nst/JSONTestSuite
    run.py yaml FOLDER       yaml/yaml-test-suite
    run.py gunicorn FOLDER   benoitc/gunicorn (tests/requests)
    run.py llhttp FOLDER     nodejs/llhttp (test/request)
    run.py tlsfuzzer FOLDER  tlsfuzzer/tlsfuzzer (wants the packages ecdsa and, as a pre-release, tlslite-ng)

FOLDER is a work tree of the repository. Each prints what differs, and a line of counts; it ends with status 1 where the
server failed or took what it must refuse. CONTRIBUTING.md says which differences are meant.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("FAUXGUARD_BINARY", str(ROOT / ".build/release/fauxguard"))
PROCESS = "/SoftToken/Provisioning.asmx/Process"


@contextlib.contextmanager
def serving() -> Iterator[dict]:
    """A server while the block runs; it must live to its end."""
    with tempfile.TemporaryDirectory() as folder:
        ready = pathlib.Path(folder) / "ready.json"
        command = [BINARY, "serve", "--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        command += ["--registry", str(ROOT / "Config/registry.yaml"), "--ready-file", str(ready)]
        # No setting of whoever runs it leaks in.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FAUXGUARD_")}
        with (pathlib.Path(folder) / "log.txt").open("wb") as log:
            child = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 30
            while not ready.exists():
                if child.poll() is not None or time.monotonic() > end:
                    sys.exit("the server did not become ready")
                time.sleep(0.02)
            yield json.loads(ready.read_text())
            if child.poll() is not None:
                sys.exit(f"the server ended with status {child.returncode}")
        finally:
            child.terminate()
            child.wait(30)


class Tally:
    """What came out, case by case."""

    def __init__(self, suite: str) -> None:
        self.suite, self.right, self.differing, self.wrong = suite, 0, 0, 0

    def note(self, name: str, wanted: str, found: str, is_wrong: bool = False) -> None:
        if wanted == found:
            self.right += 1
            return
        self.differing += 1
        self.wrong += is_wrong
        print(f"{'WRONG  ' if is_wrong else 'differs'} {name}: {found}, not {wanted}")

    def finish(self) -> int:
        cases = self.right + self.differing
        print(f"{self.suite}: {cases} cases, {self.right} right, {self.differing} differ, {self.wrong} of them wrong")
        return 1 if self.wrong or not cases else 0


def admin(ready: dict, method: str, path: str, body: bytes, kind: str) -> tuple[int, dict]:
    place = ready["admin"].split("//")[1]
    connection = http.client.HTTPConnection(place, timeout=30)
    connection.request(method, path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else {}


def secured(ready: dict) -> ssl.SSLSocket:
    host, port = ready["listen"][0].rsplit(":", 1)
    plain = socket.create_connection((host, int(port)), timeout=10)
    return ssl.create_default_context(cafile=ready["ca"]).wrap_socket(plain, server_hostname="localhost")


def exchange(ready: dict, sent: bytes) -> bytes:
    """All that the server answers until it closes, or for a second when nothing more comes."""
    with secured(ready) as connection:
        connection.settimeout(1)
        with contextlib.suppress(OSError):
            connection.sendall(sent)
        answer = b""
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                answer += piece
    return answer


def run_json(folder: pathlib.Path) -> int:
    """Each file as a body of the admin plane, and as a value within a request to the service."""
    tally = Tally("JSONTestSuite")
    with serving() as ready:
        for file in sorted((folder / "test_parsing").glob("*.json")):
            body, kind = file.read_bytes(), file.name[0]
            status, _ = admin(ready, "POST", "/api/v1/labs/default/journal/verify", body or b" ", "application/json")
            planes = {"admin": "refused" if status in (400, 413, 415) else "read"}
            # As a value: what closes more than it opened, or is nothing, would be another document.
            whole = b'{"d":{"__type":"SoftToken.Unknown","value":' + body + b"}}"
            head = f"POST {PROCESS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
            answer = exchange(ready, head + f"Content-Length: {len(whole)}\r\n\r\n".encode() + whole)
            planes["service"] = "read" if answer.startswith(b"HTTP/1.1 200") else "refused"
            for plane, found in planes.items():
                if kind != "i":
                    wanted = {"y": "read", "n": "refused"}[kind]
                    tally.note(f"{plane} {file.name}", wanted, found, is_wrong=kind == "n")
                elif not answer:
                    tally.note(f"{plane} {file.name}", "an answer", "none", is_wrong=True)
    return tally.finish()


def yaml_text(text: str) -> bytes:
    """The suite's marks for what can't be seen (its ReadMe)."""
    for mark, meant in (("␣", " "), ("↵", ""), ("∎\n", ""), ("⇔", "\ufeff"), ("←", "\r")):
        text = text.replace(mark, meant)
    return re.sub("—*»", "\t", text).encode()


def run_yaml(folder: pathlib.Path) -> int:
    """Each document as a registry: what is no YAML must be called so, and what is must be refused for what it says."""
    import yaml

    tally = Tally("yaml-test-suite")
    with serving() as ready:
        for file in sorted((folder / "src").glob("*.yaml")):
            kept: dict = {}
            for index, case in enumerate(yaml.safe_load(file.read_text())):
                kept |= case
                fails = bool(case.get("fail", False))
                body = yaml_text(kept["yaml"])
                path = "/api/v1/labs/default/registry/validate"
                status, problem = admin(ready, "POST", path, body or b"\n", "application/yaml")
                reason = problem.get("reason", problem.get("detail", ""))
                is_syntax = bool(re.search("valid YAML|UTF-8|anchor|alias|tag|one document|documents", reason))
                found = "refused as no YAML" if is_syntax else "read"
                wanted = "refused as no YAML" if fails else "read"
                crashed = status >= 500
                tally.note(f"{file.stem}[{index}] ({kept['name']}): {reason[:90]}", wanted, found, is_wrong=crashed)
    return tally.finish()


def gunicorn_bytes(file: pathlib.Path) -> bytes:
    """The requests are written with \\r\\n and \\xHH for what they mean, and line ends that mean nothing."""
    text = file.read_bytes().replace(b"\n", b"").replace(b"\\r", b"\r").replace(b"\\n", b"\n").replace(b"\\0", b"\0")
    return re.sub(rb"\\x([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text)


def http_verdict(answer: bytes) -> str:
    found = re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
    if not found:
        return "no answer"
    return "refused" if found[0] in (b"400", b"413", b"414", b"417", b"431", b"501", b"505") else "read"


def run_gunicorn(folder: pathlib.Path) -> int:
    tally = Tally("gunicorn's requests")
    with serving() as ready:
        for kind, wanted in (("valid", "read"), ("invalid", "refused")):
            for file in sorted((folder / "tests/requests" / kind).glob("*.http")):
                found = http_verdict(exchange(ready, gunicorn_bytes(file)))
                # Some are refused by gunicorn's own limits and settings alone.
                rules = file.with_suffix(".py").read_text()
                is_own = "Limit" in rules or "cfg.set" in rules
                is_wrong = kind == "invalid" and found == "read" and not is_own
                tally.note(f"{kind}/{file.name}", wanted, found, is_wrong)
    return tally.finish()


def run_llhttp(folder: pathlib.Path) -> int:
    """The strict cases alone: a lenient one asks for what a reader must not do by itself."""
    tally = Tally("llhttp's requests")
    with serving() as ready:
        for file in sorted((folder / "test/request").glob("*.md")):
            name = ""
            for part in re.split(r"^(?=#)", file.read_text(), flags=re.MULTILINE):
                name = part.splitlines()[0].strip("# ") if part else name
                meta = re.search(r"<!-- meta=(\{.*?\}) -->", part)
                blocks = dict(re.findall(r"^```(\w+)\n(.*?)\n```", part, re.MULTILINE | re.DOTALL))
                if not meta or not {"http", "log"} <= set(blocks):
                    continue
                if json.loads(meta[1])["type"] != "request" or "lenient" in meta[1] + file.name:
                    continue
                request, log = blocks["http"], blocks["log"]
                sent = re.sub(r"\n", "\r\n", re.sub(r"\\\n\s*", "", request)) if "\\r" not in request else request
                sent = sent.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\f", "\f")
                # llhttp does not ask for a Host, which HTTP/1.1 does.
                if "HTTP/1.1\r\n" in sent and not re.search(r"^host\s*:", sent, re.MULTILINE | re.IGNORECASE):
                    sent = sent.replace("HTTP/1.1\r\n", "HTTP/1.1\r\nHost: localhost\r\n")
                fails = "error code=" in log and "Paused" not in log
                found = http_verdict(exchange(ready, sent.encode("latin1", "replace") + b"\r\n"))
                wanted = "refused" if fails else "read"
                tally.note(f"{file.stem}: {name}", wanted, found)
    return tally.finish()


# Each checks one thing that a server of TLS 1.2 and 1.3 must hold; the others want another set-up of the server.
TLS_SCRIPTS = """
test-tls13-conversation test-tls13-ccs test-tls13-crfg-curves test-tls13-empty-alert test-tls13-finished
test-tls13-finished-plaintext test-tls13-hrr test-tls13-invalid-ciphers test-tls13-keyupdate test-tls13-large-number-of-extensions
test-tls13-legacy-version test-tls13-multiple-ccs-messages test-tls13-non-support test-tls13-nociphers
test-tls13-record-layer-limits test-tls13-session-resumption test-tls13-signature-algorithms test-tls13-symetric-ciphers
test-tls13-unencrypted-alert test-tls13-unrecognised-groups test-tls13-version-negotiation test-tls13-zero-content-type
test-tls13-zero-length-data test-conversation test-aesccm test-aes-gcm-nonces test-alpn-negotiation test-chacha20
test-cve-2016-2107 test-cve-2016-6309 test-cve-2016-7054 test-cve-2016-8610 test-downgrade-protection test-early-application-data
test-ecdhe-padded-shared-secret test-ecdsa-sig-flexibility test-export-ciphers-rejected test-extended-master-secret-extension
test-fallback-scsv test-fuzzed-ciphertext test-fuzzed-finished test-fuzzed-plaintext test-heartbeat test-hello-request-by-client
test-interleaved-application-data-and-fragmented-handshakes-in-renegotiation test-invalid-cipher-suites
test-invalid-compression-methods test-invalid-content-type test-invalid-session-id test-invalid-version
test-large-hello test-large-number-of-extensions test-legacy-renegotiation test-message-skipping test-openssl-3712
test-record-layer-fragmentation test-renegotiation-disabled test-sig-algs test-sslv2-connection
test-sslv2-force-cipher test-sslv2hello-protocol test-SSLv3-padding test-truncating-of-client-hello test-truncating-of-finished
test-unsupported-curve-fallback test-version-numbers test-x25519 test-zero-length-data
""".split()


def run_tlsfuzzer(folder: pathlib.Path) -> int:
    tally = Tally("tlsfuzzer's scripts")
    with serving() as ready:
        port = ready["listen"][0].rsplit(":", 1)[1]
        # The scripts are written for a server with an RSA key.
        rule = json.dumps({"do": "tls.certificate", "with": {"profile": "trusted-rsa"}}).encode()
        status, _ = admin(ready, "POST", "/api/v1/labs/default/faults", rule, "application/json")
        assert status == 201, status
        environment = os.environ | {"PYTHONPATH": str(folder)}
        for name in TLS_SCRIPTS:
            script = folder / "scripts" / f"{name}.py"
            if not script.exists():
                continue
            command = [sys.executable, str(script), "-h", "localhost", "-p", port, "-n", "20"]
            options = re.search(r'getopt\.getopt\(argv,\s*"([^"]*)"', script.read_text())
            # Keys are exchanged by (EC)DHE alone; many scripts begin with RSA where they are not told.
            if options and re.search("d(?!:)", options[1]):
                command.append("-d")
            try:
                done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
            except subprocess.TimeoutExpired:
                tally.note(name, "status 0", "more than two minutes")
                continue
            failed = re.findall(r"^(?:FAIL|XPASS|failed): ([0-9]+)", done.stdout, re.MULTILINE | re.IGNORECASE)
            why = f"{sum(map(int, failed))} of its conversations fail" if failed else done.stderr.strip()[-80:]
            # A script that never came to its counts (a package is missing or too old) tells nothing of the server.
            found = "status 0" if done.returncode == 0 else why or f"status {done.returncode}"
            tally.note(name, "status 0", found, is_wrong=not failed and done.returncode != 0)
    return tally.finish()


SUITES = {
    "json": run_json, "yaml": run_yaml, "gunicorn": run_gunicorn, "llhttp": run_llhttp, "tlsfuzzer": run_tlsfuzzer,
}


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in SUITES:
        print(__doc__, file=sys.stderr)
        return 64
    return SUITES[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve())


if __name__ == "__main__":
    sys.exit(main())
