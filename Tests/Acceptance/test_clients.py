"""The published exchanges, by the HTTP clients that people's scripts use."""

import json
import pathlib
import ssl

import httpx
import pytest
import requests
import urllib3

POLL = (pathlib.Path(__file__).resolve().parents[1] / "Fixtures/polling.request.json").read_bytes()


def test_requests_gets_the_published_answer(server, published):
    ask, expected = published
    answer = requests.post(server.process, data=ask, verify=server.authority, timeout=10)
    assert answer.status_code == 200
    assert answer.content.rstrip(b"\n") == expected.rstrip(b"\n")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Server"].startswith("FauxGuard/")
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_httpx_gets_the_published_answer(server, published):
    ask, expected = published
    trust = ssl.create_default_context(cafile=server.authority)
    with httpx.Client(verify=trust) as client:
        answer = client.post(server.process, content=ask)
    assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")
    assert answer.content.rstrip(b"\n") == expected.rstrip(b"\n")


def test_a_connection_is_kept_through_every_kind_of_answer(server):
    path = "/SoftToken/Provisioning.asmx"
    with urllib3.HTTPSConnectionPool("localhost", server.port, maxsize=1, ca_certs=server.authority) as pool:
        for _ in range(50):
            answer = pool.request("POST", path + "/Process", body=POLL)
            assert answer.json()["d"]["tokens"][0]["license"] == "FTMTRIAL02062407"
            assert pool.request("POST", path + "/Process", body=b"{").status == 500
            assert pool.request("GET", "/nowhere").status == 404
            head = pool.request("HEAD", path)
            assert head.status == 200 and head.data == b""
        assert pool.num_connections == 1


def test_a_chunked_body_is_a_body(server):
    answer = requests.post(server.process, data=iter([POLL[:10], POLL[10:]]), verify=server.authority, timeout=10)
    assert answer.json()["d"]["error"] is None


def test_clients_that_trust_only_public_authorities_refuse(server):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url, timeout=10)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_a_name_that_the_server_does_not_go_by_is_refused_by_clients(server):
    trust = ssl.create_default_context(cafile=server.authority)
    with httpx.Client(verify=trust) as client, pytest.raises(httpx.ConnectError, match="(?i)mismatch"):
        client.get(server.url, extensions={"sni_hostname": "elsewhere.test"})


def test_the_admin_plane_says_that_it_is_ready(server):
    answer = requests.get(server.admin + "/readyz", timeout=10)
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.text) is not None
