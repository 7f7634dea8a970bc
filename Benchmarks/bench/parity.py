"""The TLS facts that both servers must share, as `openssl s_client` sees them."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .lab import HANDSHAKES

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)
_TICKET = re.compile(r"^<<< .*\[length ([0-9a-f]+)\], NewSessionTicket", re.MULTILINE)
# A ticket that only names a session in the server's memory carries its 32-byte id; a sealed session is far longer.
_NAMED_SESSION = 100


@dataclass(frozen=True)
class Handshake:
    """What one full TLS 1.3 handshake with a server consists of."""

    cipher: str
    group: str
    signature: str
    tickets: int
    tickets_hold_state: bool
    chain: tuple[str, ...]

    @property
    def summary(self) -> str:
        tickets = f"{self.tickets} session ticket(s)"
        if self.tickets:
            tickets += " that hold the session" if self.tickets_hold_state else " that name a stored session"
        parts = [self.cipher, self.group, f"{self.signature} signature", f"{len(self.chain)} certificate(s) sent"]
        return ", ".join([*parts, tickets])


def observe(port: int, ca: Path) -> Handshake:
    """Makes one handshake and one exchange on it, since tickets come after the handshake."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost"]
    command += ["-CAfile", str(ca), "-verify_hostname", "localhost", "-tls1_3", "-showcerts", "-msg", "-ign_eof"]
    done = subprocess.run(command, input=HANDSHAKES.request(port), capture_output=True, timeout=15, check=False)
    text = done.stdout.decode(errors="replace")
    if "Verification: OK" not in text:
        printed = text[-800:] + done.stderr.decode()[-800:]
        raise BenchError(f"openssl s_client does not trust 127.0.0.1:{port}:\n{printed}")
    tickets = [int(length, 16) for length in _TICKET.findall(text)]
    return Handshake(
        cipher=_found(r"^New, (TLSv1\.3), Cipher is (\S+)", text),
        group=_found(r"^Server Temp Key: (.+)", text),
        signature=_found(r"^Peer signature type: (.+)", text),
        tickets=len(tickets),
        tickets_hold_state=any(length > _NAMED_SESSION for length in tickets),
        chain=tuple(_CERTIFICATE.findall(text)),
    )


def check_equal(name: str, one: Handshake, other_name: str, other: Handshake) -> None:
    """Refuses to compare servers that do not make the same handshake."""
    if one != other:
        same_chain = "the same chain" if one.chain == other.chain else "different chains"
        raise BenchError(
            f"the servers do not make the same handshake, so no figure would mean anything ({same_chain}):\n"
            f"    {name}: {one.summary}\n    {other_name}: {other.summary}"
        )


def _found(pattern: str, text: str) -> str:
    if not (match := re.search(pattern, text, re.MULTILINE)):
        raise BenchError(f"openssl s_client printed no line like {pattern}:\n{text[-1500:]}")
    return " ".join(match.groups())
