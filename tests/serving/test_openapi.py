"""Whatever is sent, nothing answers 5xx, and every answer is one that the OpenAPI describes."""

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from counts import count
from elek_serving.settings import Settings
from served import served
from serving_factory import serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api_schema(tmp_path_factory):
    with served(tmp_path_factory.mktemp("api"), "--open") as service:
        sent = httpx2.post(f"{service.url}/v1/manifests", content=b"description\npump\n")
        assert sent.status_code == 202
        yield schemathesis.openapi.from_url(f"{service.url}/openapi.json")


OPERATIONS = [
    ("POST", "/v1/score"),
    ("GET", "/v1/bundle"),
    ("POST", "/v1/manifests"),
    ("GET", "/v1/manifests/{manifest_id}"),
    ("GET", "/v1/manifests/{manifest_id}/scored"),
    ("POST", "/v1/decisions"),
    ("GET", "/v1/decisions"),
    ("GET", "/metrics"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_5xx_and_no_answer_that_is_not_described(api_schema, method, path, mode):
    operation = api_schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.path_parameters):
        return  # nothing can be wrong about it

    @settings(max_examples=count(8, 300), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(checks=CHECKS)

    ask()


def test_every_operation_is_tried(api_schema):
    told = {(result.ok().method.upper(), result.ok().path) for result in api_schema.get_all_operations()}
    assert {(method, path) for method, path in told if path.startswith("/v1/")} <= set(OPERATIONS)


def test_every_operation_has_a_summary_and_an_example_where_it_takes_a_body(tmp_path):
    with serving(Settings(data=tmp_path)) as client:
        described = client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
    text = str(described)
    assert "КВАДРОКОПТЕР" in text
    assert "Idempotency" in text or "idempotency" in text
