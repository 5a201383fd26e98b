"""Records of kit itself for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World, factory_for
from calidez.kit.faces.api.models import ApiToken
from calidez.kit.faces.api.tokens import Issued, Line, issue
from calidez.kit.faces.webhooks.models import WebhookEndpoint


def issued(by: Any, *lines: Line, name: str = "Night export", days: int = 30) -> Issued:
    return issue(
        name=name, lines=lines or (Line(),), expires_at=timezone.now() + dt.timedelta(days=days), by=by
    )


@factory_for(ApiToken)
def api_token(world: World, unit: Any, number: int) -> ApiToken:
    people = catalog.of(type(world.admin))
    owner = people.model._default_manager.filter(unit=unit).first()
    if owner is None:
        assert people.creation is not None
        owner = people.creation(
            by=world.admin, email=f"keys@{unit.code.lower()}.example.org", name="Kay", unit=unit
        )
    return issued(owner, name=f"Night export {number}").token


def endpoint(by: Any, unit: Any, *, address: str = "https://hooks.example.org/calidez", **values: Any) -> Any:
    creation = catalog.of(WebhookEndpoint).creation
    assert creation is not None
    return creation(by=by, unit=unit, **{"name": "Ticket desk", "address": address, "events": "*", **values})


@factory_for(WebhookEndpoint)
def webhook_endpoint(world: World, unit: Any, number: int) -> WebhookEndpoint:
    return endpoint(world.admin, unit, name=f"Ticket desk {number}")
