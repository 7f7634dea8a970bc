"""The admin API against its own OpenAPI document: a fuzzer that reads it finds no failure and no difference.

Both directions: every route is called through the document, and every answer is held against it (status, media type,
schema), for requests that the document allows and for requests that it does not.
"""

import json
import pathlib
import re
import subprocess
import sys

import jsonschema_rs
import pytest
import requests
from conftest import ROOT, Server

# A stream has no end.
APART = ["streamJournal"]
HOOKS = ROOT / "Tests/Acceptance/fuzzer_hooks.py"


POLL = (ROOT / "Tests/Fixtures/polling.request.json").read_bytes()
PATH = "/SoftToken/Provisioning.asmx/Process"


def live(server: Server) -> None:
    """Gives the journal something of every kind: an answer, a refusal by a rule, one without an answer, a failed handshake."""
    lab = f"{server.admin}/api/v1/labs/default"
    type_ = {"Content-Type": "application/json"}
    post = {"data": POLL, "headers": type_, "verify": server.authority, "timeout": 10}
    assert requests.post(server.url + PATH, **post).status_code == 200
    rule = {"name": "late", "do": "http.status", "with": {"code": 503}, "skip": 9}
    assert requests.post(f"{lab}/faults", json=rule, timeout=10).status_code == 201
    rule = {"name": "busy", "do": "http.status", "with": {"code": 503}, "times": 1}
    assert requests.post(f"{lab}/faults", json=rule, timeout=10).status_code == 201
    assert requests.post(server.url + PATH, **post).status_code == 503
    rule = {"name": "mute", "do": "http.hang", "with": {"hold": "10ms"}, "times": 1}
    assert requests.post(f"{lab}/faults", json=rule, timeout=10).status_code == 201
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(server.url + PATH, **post)
    with pytest.raises(requests.exceptions.SSLError):
        requests.post(server.url + PATH, data=POLL, headers=type_, timeout=10)
    requests.delete(f"{lab}/faults", timeout=10).raise_for_status()
    wanted = {"where": {"outcome": "handshake-failed"}, "atLeast": 1, "within": 10}
    requests.post(f"{lab}/journal/verify", json=wanted, timeout=20).raise_for_status()


def test_the_journal_is_as_the_document_says(server_apart: Server) -> None:
    live(server_apart)
    document = requests.get(f"{server_apart.admin}/openapi.json", timeout=10).json()
    journal = "/api/v1/labs/{lab}/journal"

    def hold(path: str, place: str, query: str = "") -> object:
        answer = requests.get(server_apart.admin + place + query, timeout=10)
        assert answer.status_code == 200, answer.text
        forms = document["paths"][path]["get"]["responses"]["200"]["content"]
        schema = forms[answer.headers["Content-Type"].split(";")[0]]["schema"]
        value = answer.json() if answer.headers["Content-Type"].startswith("application/json") else answer.text
        jsonschema_rs.validator_for({**schema, "components": document["components"]}).validate(value)
        return value

    place = journal.format(lab="default")
    for query in ("", "?bodies=true", "?bodies=true&secrets=true"):
        items = hold(journal, place, query)["items"]
        assert [item["outcome"] for item in items][2:] == ["ordered", "handshake-failed"]
        assert {exchange["status"] for item in items for exchange in item["exchanges"]} == {200, 503, None}
    assert hold(journal, place, "?form=canonical").count("\nconnection ") == 3
    assert any(item["nearMisses"] for item in items) and any(item["rules"] for item in items)
    for item in items:
        own = f"{place}/{item['id']}"
        assert hold(journal + "/{id}", own)["id"] == item["id"]
        hold(journal + "/{id}/export", own + "/export")
        archive = hold(journal + "/{id}/export", own + "/export", "?format=har")
        assert len(archive["log"]["entries"]) == len(item["exchanges"])


# Rules have a form for every effect: to cover each bound of all of them takes 17,000 requests, so they are fuzzed
# instead.
@pytest.mark.parametrize(
    ("phase", "examples", "selection"),
    [
        ("examples,coverage", 20, ["--exclude-operation-id", "addFault"]),
        ("fuzzing", 20, []),
        ("fuzzing", 150, ["--include-operation-id", "addFault"]),
        ("stateful", 20, []),
    ],
)
def test_a_fuzzer_finds_no_failure_and_no_difference(
    server_apart: Server, tmp_path: pathlib.Path, phase: str, examples: int, selection: list[str]
) -> None:
    live(server_apart)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server_apart.admin}/openapi.json", *selection]
    command += [option for operation in APART for option in ("--exclude-operation-id", operation)]
    command += ["--phases", phase, "--max-examples", str(examples), "--seed", "1", "--request-timeout", "30"]
    command += ["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"]
    command[-1] += ",response_schema_conformance,unsupported_method"
    # What the document allows is accepted, and what it forbids is refused: 14 operations refused what it allowed.
    command[-1] += ",positive_data_acceptance,negative_data_rejection"
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "SCHEMATHESIS_HOOKS": str(HOOKS), "HOME": str(tmp_path), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )
    print(run.stdout[-12000:], run.stderr[-2000:])
    assert run.returncode == 0
    # A run that called nothing would find nothing.
    assert re.search(r"[1-9][0-9]* (?:test cases? )?generated|[1-9][0-9]* passed", run.stdout)


def test_every_route_of_the_document_is_served(server: Server) -> None:
    document = requests.get(f"{server.admin}/openapi.json", timeout=10).json()
    assert document["openapi"] == "3.1.0"
    places = {"lab": "default", "serial": "FGT60FTK20000001", "number": "EFTM000000000001", "name": "none", "id": "1"}
    places |= {"rule": "none", "effect": "http.status"}
    count = 0
    for path, operations in document["paths"].items():
        for method in operations:
            url = server.admin + path.format(**places)
            answer = requests.request("OPTIONS", url, timeout=10)
            assert method.upper() in answer.headers["Allow"], f"{method} {path}"
            count += 1
    assert count > 52


def test_every_problem_is_a_problem_document(server: Server) -> None:
    document = requests.get(f"{server.admin}/openapi.json", timeout=10).json()
    problem = document["components"]["schemas"]["Problem"]
    for path in ("/nowhere", "/api/v1/labs/none", "/api/v1/labs?limit=0"):
        answer = requests.get(server.admin + path, timeout=10)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(problem["required"]) <= set(answer.json())
        assert answer.json()["status"] == answer.status_code


def test_the_stream_speaks_server_sent_events(server: Server) -> None:
    with requests.get(f"{server.admin}/api/v1/labs/default/journal/stream", stream=True, timeout=10) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        requests.get(f"{server.url}/SoftToken/Provisioning.asmx", verify=server.authority, timeout=10)
        data = next(line for line in stream.iter_lines() if line.startswith(b"data: "))
        assert json.loads(data[6:])["sni"] == "localhost"
