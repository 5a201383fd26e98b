"""What somebody is told at an address of the pages, or by the programming interface."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from calidez.kit.tests.factories import issued


def client_of(who: object) -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


def told(who: object, address: str) -> str:
    answer = client_of(who).get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return content.decode(errors="replace")


def asked(who: object, path: str, method: str = "GET", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {issued(who).secret}", "Accept-Language": "en", "If-Match": "*"}
    return Client().generic(
        method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )
