"""A small network of clinics with three years of months, fed the way that measuring feeds it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from django.utils import timezone, translation

from calidez.config.tests.layers import layer
from calidez.kit.conformance import World
from calidez.monitoring.measuring.services import rollup
from calidez.monitoring.measuring.services.indicators import keep_version
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Dataset, Indicator, IndicatorVersion
from calidez.monitoring.tests import factories
from calidez.people.models import Unit
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import BASIS, in_force

MONTHS = 36
# Who keeps the promise of 95 %, who is at risk within the tolerance of 5, who breaks it.
SHARES = {"N1": 0.97, "N2": 0.92, "N3": 0.80, "S1": 0.96, "S2": 0.75}
CASES = {"N1": 900, "N2": 1200, "N3": 4000, "S1": 700, "S2": 1500}


@dataclass(frozen=True)
class Network:
    world: World
    branches: dict[str, Unit]
    standard: Standard
    indicator: Indicator
    version: IndicatorVersion

    @property
    def root(self) -> Any:
        return self.world.root


@pytest.fixture
def just_measured(monkeypatch: Any) -> None:
    """The day on which the figures of network and factories are news: their last month is that before."""
    monkeypatch.setattr(timezone, "localdate", lambda *_given, **_more: dt.date(2026, 1, 15))


@pytest.fixture
def network(shared_network: Network, just_measured: None, db: None) -> Network:
    """Made once for the tests of a file: what one of them does to it, no other sees."""
    return copy.deepcopy(shared_network)


@pytest.fixture(scope="module")
def shared_network(shared_world: World) -> Iterator[Network]:
    with layer():
        yield network_in(copy.deepcopy(shared_world))


def network_in(world: World) -> Network:
    branches = {
        code: create(
            Unit,
            world.admin,
            code=code,
            name=f"Clinic {code}",
            parent=world.north if code < "S" else world.south,
        )
        for code in SHARES
    }
    standard = create(
        Standard,
        world.admin,
        title="Seen on time",
        requirement="95 % of patients are seen within twenty minutes.",
        target=95.0,
        tolerance=5.0,
        owner=world.admin,
        unit=world.root,
        starts=dt.date(2023, 1, 1),
        child_rows={"rows_standardbasis": [BASIS]},
    )
    standard = in_force(standard, world)
    indicator = factories.indicator(world, world.root, 1, name="On time", standard=standard, segments="kind")
    version = keep_version(indicator)
    measure(version, facts())
    return Network(world, branches, standard, indicator, version)


def facts(months: int = MONTHS) -> pa.Table:
    """Steady months with a small swing; in the last one every clinic falls."""
    rows = []
    for number in range(months):
        for code, share in SHARES.items():
            swing = 0.01 * ((number * 7 + len(rows)) % 3 - 1) - (0.12 if number == months - 1 else 0)
            for kind in ("first", "repeat"):
                n = CASES[code] // 2 + (number * 13) % 40
                met = round(n * min(share + swing, 1))
                rows.append((dt.date(2023 + number // 12, number % 12 + 1, 1), code, kind, n, met))
    start, branch, kind, n, met = (list(column) for column in zip(*rows, strict=True))
    counts = [float(value) for value in n]
    nothing = pa.nulls(len(rows), pa.float64())
    return pa.table(
        {
            "period_start": start,
            "branch": branch,
            "kind": kind,
            "n": n,
            "weight": counts,
            "total": counts,
            "sum_squares": nothing,
            "met": [float(value) for value in met],
            "unmet": [float(a - b) for a, b in zip(n, met, strict=True)],
            "minimum": nothing,
            "maximum": nothing,
        }
    )


def measure(version: IndicatorVersion, table: pa.Table) -> None:
    rows = rollup.rolled_up(version, table, Dataset.objects.get(pk=version.indicator.dataset_id))
    units = rollup.replace(version, rows, periods=None)
    refresh_standings(version, units)


@pytest.fixture
def english() -> Iterator[None]:
    """Values built outside a request speak English."""
    with translation.override("en"):
        yield


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
