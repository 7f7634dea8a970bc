"""The admin API against its own OpenAPI document: a fuzzer that reads it finds no failure and no difference.

Both directions: every route is called through the document, and every answer is held against it (status, media type,
schema), for requests that the document allows and for requests that it does not.
"""

import json

import hypothesis
import pytest
import requests
import schemathesis
from conftest import Server
from schemathesis import CheckContext
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# A stream has no end, and a wait may last for minutes; both have tests of their own.
ENDLESS = ["streamJournal"]
LONGEST_WAIT = 0.05


@pytest.fixture(scope="session")
def api(server: Server):
    return schemathesis.openapi.from_url(f"{server.admin}/openapi.json")


schema = schemathesis.pytest.from_fixture("api").exclude(operation_id=ENDLESS)


@schema.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("within"), int | float):
        body["within"] = min(abs(body["within"]), LONGEST_WAIT)
    return body


@schema.hook
def map_case(context, case):
    # Labs that open ports, and the removal of what the next case needs, are for the end-to-end tests.
    if case.operation.definition.raw["operationId"] == "createLab" and isinstance(case.body, dict):
        case.body.pop("listen", None)
    return case


@schema.parametrize()
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_document_and_server_agree(case, server: Server) -> None:
    response = case.call(base_url=server.admin, timeout=30)
    case.validate_response(
        response,
        checks=[
            schemathesis.checks.not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )


def test_every_problem_is_a_problem_document(server: Server) -> None:
    document = requests.get(f"{server.admin}/openapi.json", timeout=10).json()
    problem = document["components"]["schemas"]["Problem"]
    for path, body in [("/nowhere", None), ("/api/v1/labs/none", None), ("/api/v1/labs?limit=0", None)]:
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
