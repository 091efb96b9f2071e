"""Whatever is sent, nothing answers 5xx, and every answer is one that the OpenAPI describes."""

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
from elek.goods import GoodsLine
from elek_serving.settings import Settings
from elek_serving.store.api_keys import SCOPES, add_key
from served import served
from serving_factory import Store, add_scored_manifest, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api(tmp_path_factory, scorer):
    """The described API of a running service with a scored manifest, and the header of a reviewer who may do everything."""
    store = Store(tmp_path_factory.mktemp("api"), None)
    store.person("aida")
    add_scored_manifest(store.log, scorer, [GoodsLine("насос", "8413")])
    key = add_key("aida", list(SCOPES), 1, "test")
    store.log.write(key.work)
    store.close()
    with served(store.settings.data) as service:
        yield schemathesis.openapi.from_url(f"{service.url}/openapi.json"), {"Authorization": f"Bearer {key.text}"}


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
def test_no_5xx_and_no_answer_that_is_not_described(api, method, path, mode):
    schema, headers = api
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.path_parameters):
        return  # nothing can be wrong about it

    @settings(max_examples=count(8, 300), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()


def test_every_operation_is_tried(api):
    told = {(result.ok().method.upper(), result.ok().path) for result in api[0].get_all_operations()}
    assert {(method, path) for method, path in told} == set(OPERATIONS)


def test_every_operation_has_a_summary_and_an_example_where_it_takes_a_body(tmp_path):
    with serving(Settings(data=tmp_path)) as client:
        described = client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
    text = str(described)
    assert "КВАДРОКОПТЕР" in text
    assert "Idempotency" in text or "idempotency" in text
