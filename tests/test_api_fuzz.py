"""Whatever the description allows, and much that it does not, is answered without a failure of ours.

Too slow for every run: API_FUZZ_EXAMPLES=40 python -m pytest tests/test_api_fuzz.py -n 2 (two minutes)
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from calidez.kit.catalog import catalog
from calidez.kit.conformance import load_factories, make
from calidez.kit.faces.api.site import description
from calidez.kit.tests.factories import issued

load_factories()

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "0"))
pytestmark = [
    pytest.mark.skipif(not EXAMPLES, reason="API_FUZZ_EXAMPLES is not set"),
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),  # the generator warns of what it leaves out
]


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
def test_nothing_makes_an_endpoint_fail(mode: Any, world: Any, settings: Any, monkeypatch: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    uids = {entity.slug: str(make(entity, world, world.north, 1).uid) for entity in catalog}
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issued(world.admin).secret}", "HTTP_ACCEPT_LANGUAGE": "es"}
    failures: list[str] = []
    statuses: Counter[int] = Counter()

    def send(case: Any) -> None:
        path = case.operation.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        query = urlencode(dict(case.query or {}), doseq=True) if case.query else ""
        own = {f"HTTP_{n.upper().replace('-', '_')}": _header(v) for n, v in (case.headers or {}).items()}
        body = case.body if isinstance(case.body, bytes) else _json(case.body)
        kind = case.media_type or "application/json"
        answer = Client().generic(
            case.method, f"{path}?{query}", body, content_type=kind, **{**own, **headers}
        )
        statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            failures.append(f"{case.method} {path}?{query} {body!r}: {answer.status_code}")

    schema = schemathesis.openapi.from_dict(description())
    for found in schema.get_all_operations():
        operation = found.ok()
        slug = operation.path.split("/")[3]
        known = {"path_parameters": {"id": uids[slug]}} if "{id}" in operation.path else {}
        try:
            _few(operation.as_strategy(generation_mode=mode, **known), send)
        except schemathesis.errors.SchemathesisError:
            continue  # nothing to be wrong about
    print(mode.value, dict(statuses))
    assert failures == []
    assert len(statuses) > 3, "the requests never came far"


def _few(strategy: Any, send: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: Any) -> None:
        send(data.draw(strategy))

    run()


def _json(body: Any) -> bytes:
    try:
        return (
            b"" if repr(body) == "NOT_SET" or "NotSet" in type(body).__name__ else json.dumps(body).encode()
        )
    except (TypeError, ValueError):
        return b"{"


def _header(value: Any) -> str:
    return str(value).encode("latin-1", "replace").decode("latin-1")
