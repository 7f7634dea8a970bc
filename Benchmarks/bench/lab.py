"""The lab under load: a generated registry document and the requests that its devices send."""

import json
from dataclasses import dataclass

PAIRS = 256  # HA pairs, each with one license bound to both units
TOKENS = 10  # of each license: the first is polled, the others are provisioned
PROCESS = "/SoftToken/Provisioning.asmx/Process"
PAGE = "/SoftToken/Provisioning.asmx"


@dataclass(frozen=True)
class Workload:
    """Requests of one kind. All answers to them have the same length."""

    name: str
    method: str
    path: str
    bodies: tuple[bytes, ...] = (b"",)
    closes: bool = False

    def request(self, port: int, index: int = 0) -> bytes:
        """One whole request with the headers that an appliance sends."""
        body = self.bodies[index]
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: localhost:{port}"]
        if body:
            lines += [
                "Accept: application/json, text/javascript, */*, q=0.01",
                "Content-Type: application/json; charset=utf-8",
                f"Content-Length: {len(body)}",
            ]
        if self.closes:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode() + body


def _unit(pair: int, member: str) -> str:
    return f"FGBENCH{member}{pair:08d}"


def _license(pair: int) -> str:
    return f"EFTM{pair + 1:012d}"


def _token(pair: int, index: int) -> str:
    return f"FTKMOB{pair * TOKENS + index:010X}"


def _code(pair: int) -> str:
    digits = f"{pair + 1:020X}"
    return "-".join(digits[start : start + 4] for start in range(0, 20, 4))


def registry_document() -> str:
    """The lab as a registry document in YAML."""
    lines = ["devices:"]
    for pair in range(PAIRS):
        lines += [f'  - {{ serial: "{_unit(pair, member)}", registered: true }}' for member in "AB"]
    lines.append("licenses:")
    for pair in range(PAIRS):
        owner, peer = _unit(pair, "A"), _unit(pair, "B")
        lines.append(
            f'  - {{ number: "{_license(pair)}", code: "{_code(pair)}", size: {TOKENS}, validUntil: 2099-12-31, '
            f'owner: "{owner}", cluster: ["{owner}", "{peer}"] }}'
        )
    lines.append("tokens:")
    for pair in range(PAIRS):
        lines += [
            f'  - {{ serial: "{_token(pair, index)}", license: "{_license(pair)}", state: available }}'
            for index in range(TOKENS)
        ]
    return "\n".join([*lines, ""])


def _body(kind: str, pair: int, token: dict) -> bytes:
    unit = _unit(pair, "A")
    fields = {
        "__type": f"SoftToken.{kind}Request",
        "__version": "4",
        "serial_number": unit,
        "__device_version": "7.0",
        "__device_build": "2573",
        "__clustered_sns": [{"sn": unit}, {"sn": _unit(pair, "B")}],
        "tokens": [token],
    }
    return json.dumps({"d": fields}).encode()


def _provision(pair: int, index: int) -> bytes:
    serial = _token(pair, index)
    seed = f"{pair * TOKENS + index:040X}"
    fields = {"token": serial, "seed": seed, "code_expire": 10080, "type": "totp", "period": 60, "digits": 6}
    return _body("Provision", pair, fields)


# Neighbours in each list belong to different devices, so no two requests in flight meet at one token.
POLLING = Workload(
    "polling", "POST", PROCESS, tuple(_body("Polling", pair, {"token": _token(pair, 0)}) for pair in range(PAIRS))
)
PROVISIONING = Workload(
    "provisioning",
    "POST",
    PROCESS,
    tuple(_provision(pair, index) for index in range(1, TOKENS) for pair in range(PAIRS)),
)
# Provisions every token that will be polled: an appliance polls tokens whose code is out, not unassigned ones.
PRIMING = Workload("priming", "POST", PROCESS, tuple(_provision(pair, 0) for pair in range(PAIRS)))
# The service's short page reads no registry, so the handshake is nearly all that is left.
HANDSHAKES = Workload("handshakes", "GET", PAGE, closes=True)
