"""Single exchanges with full verification, before and after each load: a figure of wrong answers is no figure."""

import json
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .lab import Workload


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `size` counts head and body."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


class Client:
    """One verified keep-alive TLS connection."""

    def __init__(self, port: int, ca: Path):
        context = ssl.create_default_context(cafile=str(ca))
        try:
            plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError as error:
            raise BenchError(f"127.0.0.1:{port} accepts no connection: {error}") from error
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._tls = context.wrap_socket(plain, server_hostname="localhost")
        except (ssl.SSLError, OSError) as error:
            plain.close()
            raise BenchError(f"TLS with 127.0.0.1:{port} failed: {error}") from error
        self._port = port

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._tls.close()

    def exchange(self, workload: Workload, index: int = 0) -> Answer:
        """Sends one request and returns its answer, which must be the one that the workload expects."""
        self.ask(workload, index)
        return self.answer(workload, index)

    def ask(self, workload: Workload, index: int) -> None:
        """Sends one request, whose answer is still to be taken."""
        try:
            self._tls.sendall(workload.request(self._port, index))
        except OSError as error:
            raise self._failure(workload, error) from error

    def answer(self, workload: Workload, index: int) -> Answer:
        """The answer to what was asked, which must be the one that the workload expects."""
        try:
            answer = self._read()
        except (OSError, ValueError) as error:
            raise self._failure(workload, error) from error
        if complaint := _complaint(workload, index, answer):
            raise BenchError(
                f"the {workload.name} answer from port {self._port} is not the expected one: {complaint}\n"
                f"    asked: {workload.bodies[index].decode()}\n"
                f"    answered {answer.status}: {answer.body[:800].decode(errors='replace')}"
            )
        return answer

    def _failure(self, workload: Workload, error: Exception) -> BenchError:
        return BenchError(f"{workload.name} request to port {self._port} failed: {error}")

    def _read(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._some()
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "content-length" not in headers:
            raise ValueError(f"no Content-Length in {headers}")
        while len(body) < int(headers["content-length"]):
            body += self._some()
        return Answer(int(status.split()[1]), headers, body, len(head) + 4 + len(body))

    def _some(self) -> bytes:
        if not (piece := self._tls.recv(65536)):
            raise ValueError("the server closed the connection instead of answering")
        return piece


def _complaint(workload: Workload, index: int, answer: Answer) -> str | None:
    if answer.status != 200:
        return f"HTTP {answer.status}"
    if not workload.bodies[index]:
        return None if answer.body else "an empty page"
    try:
        asked = json.loads(workload.bodies[index])["d"]["tokens"][0]["token"]
        fields = json.loads(answer.body)["d"]
        token = fields["tokens"][0]
        if fields["error"] or token["error"]:
            return f"an error: {fields['error']} {token['error']}"
        if token["token"] != asked:
            return f"it names token {token['token']}, not {asked}"
        if not token["license"]:
            return "it names no license"
        if workload.name == "polling":
            return None if token["status"] == "pending" else f"status {token['status']!r} instead of 'pending'"
        if fields["result"] != 1:
            return f"result {fields['result']!r} instead of 1"
        return None if token["token_activation_code"] else "no activation code"
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return f"not the published shape: {error!r}"
