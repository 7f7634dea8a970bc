"""A listener behind a load balancer: the PROXY protocol of trusted peers, and of nobody else."""

import contextlib
import http.client
import json
import socket
import ssl
import struct

import httpx
import pytest

V1 = b"PROXY TCP4 192.0.2.7 192.0.2.10 51000 443\r\n"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
FOUR = socket.inet_aton("192.0.2.8") + socket.inet_aton("192.0.2.10") + struct.pack("!HH", 51000, 443)
V2 = SIGNATURE + b"\x21\x11" + struct.pack("!H", len(FOUR)) + FOUR
LOCAL = SIGNATURE + b"\x20\x00\x00\x00"


@pytest.fixture(scope="module")
def labs(server):
    """The ports of two labs: one that believes its peers on loopback, one that believes others."""
    ports = {}
    for name, proxy in [("behind", "127.0.0.0/8"), ("apart", "192.0.2.0/24")]:
        made = httpx.post(f"{server.admin}/api/v1/labs", json={"name": name, "listen": f"127.0.0.1:0,proxy={proxy}"})
        assert made.status_code == 201, made.text
        ports[name] = int(made.json()["listeners"][0]["address"].rsplit(":", 1)[1])
    yield ports
    for name in ports:
        httpx.delete(f"{server.admin}/api/v1/labs/{name}")


def ask(server, port, header, pieces=1):
    """A request behind a header, which comes in so many pieces."""
    plain = socket.create_connection(("127.0.0.1", port), 10)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for index in range(pieces):
        plain.sendall(header[index * len(header) // pieces : (index + 1) * len(header) // pieces])
    with contextlib.closing(
        ssl.create_default_context(cafile=server.authority).wrap_socket(plain, server_hostname="localhost")
    ) as secure:
        secure.sendall(b"GET /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = http.client.HTTPResponse(secure)
        answer.begin()
        return answer.status


def last(server, lab):
    path = f"{server.admin}/api/v1/labs/{lab}/journal"
    items = httpx.get(path, params={"newest": 1}).json()
    return json.dumps(items)


@pytest.mark.parametrize(
    "header, client", [(V1, "192.0.2.7"), (V2, "192.0.2.8"), (LOCAL, "127.0.0.1"), (b"PROXY UNKNOWN\r\n", "127.0.0.1")]
)
@pytest.mark.parametrize("pieces", [1, 7])
def test_a_trusted_peers_header_names_the_client(server, labs, header, client, pieces):
    assert ask(server, labs["behind"], header, pieces) == 200
    assert client in last(server, "behind")


def test_a_trusted_peer_without_a_header_is_refused_by_name(server, labs):
    with pytest.raises((ssl.SSLError, OSError)):
        ask(server, labs["behind"], b"")
    assert "no PROXY protocol header" in last(server, "behind")


@pytest.mark.parametrize("header", [V1, V2])
def test_anybody_elses_header_is_not_believed(server, labs, header):
    with pytest.raises((ssl.SSLError, OSError)):
        ask(server, labs["apart"], header)
    said = last(server, "apart")
    assert "PROXY protocol header instead of TLS" in said and "192.0.2." not in said


def test_a_rule_matches_the_client_that_the_proxy_named(server, labs):
    faults = f"{server.admin}/api/v1/labs/behind/faults"
    rule = {"name": "one-client", "when": {"client": "192.0.2.7"}, "do": "http.status", "with": {"code": 503}}
    httpx.post(faults, json=rule).raise_for_status()
    assert ask(server, labs["behind"], V1) == 503
    assert ask(server, labs["behind"], V2) == 200
    httpx.delete(faults)


def test_the_admin_plane_names_a_header(server):
    host, port = server.admin.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as plain:
        plain.sendall(V1 + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = plain.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400") and b"PROXY protocol" in answer
