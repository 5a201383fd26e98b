"""How long the server takes for the sample's pages, and whether the indicator page feels how many facts there are."""

from __future__ import annotations

import os
import statistics
import tempfile
from typing import Any

import limits

LIMIT_MS = 100.0
REQUESTS = 60


def run(rows: int = 10_000_000) -> list[dict[str, Any]]:
    """One row per page of the sample (p95 against 100 ms), then the indicator page with few and with many facts."""
    _prepare()
    from django.test import Client

    from calidez.kit.catalog import catalog
    from calidez.monitoring.models import Indicator
    from calidez.people.models import User
    from calidez.samples.services import load_sample

    load_sample(language="es")
    client = Client()
    boss = User.objects.get(email="quality_manager@demo.example")
    client.force_login(boss, "django.contrib.auth.backends.ModelBackend")
    indicator = catalog.of(Indicator).url(Indicator.objects.order_by("code").first())
    pages = {"home": "/", "indicator": indicator, "indicator, comparison": indicator + "?show=branches"}
    pages |= _records(boss)
    pages |= {f"list of {e.slug}": e.list_url() for e in catalog if e.may(boss, "view")}
    found = [
        limits.row(f"page: {name}", lambda path=path: client.get(path), LIMIT_MS, REQUESTS)
        for name, path in pages.items()
    ]
    return found + _facts(client, rows)


def _records(person: Any) -> dict[str, str]:
    """Pages that tell most of one record, as they open; and what every page asks for afterwards."""
    from django.urls import reverse

    from calidez.kit.catalog import catalog
    from calidez.standards.models import Standard

    firsts = {
        e.key: e.url(e.queryset(person).order_by("code").first())
        for e in catalog
        if e.key in {"standard", "commitment", "objective", "document"}
    }
    standard = Standard.objects.order_by("code").first()
    assert standard is not None
    return {
        **firsts,
        "feasibility": reverse("feasibility", args=[standard.uid]),
        "numbers of the frame": reverse("kit:counts"),
    }


def _facts(client: Any, rows: int) -> list[dict[str, Any]]:
    """The same indicator over the same days and branches, measured from ten thousand and from `rows` facts."""
    few = _indicator_with(10_000)
    many = _indicator_with(rows)
    times = {"few": [], "many": []}
    for _round in range(REQUESTS):
        for name, address in (("few", few), ("many", many)):
            times[name].append(limits.milliseconds(lambda address=address: client.get(address)))
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["many"] / medians["few"]
    return [
        {
            "what": f"indicator page over {rows:,} facts",
            "ours": round(medians["many"], 1),
            "peer": "the same page over 10,000 facts",
            "peer_value": round(medians["few"], 1),
            "ratio": round(ratio, 3),
            "limit": 1.1,
            "unit": "ms median",
            "ok": ratio <= 1.1,
        }
    ]


def _indicator_with(rows: int) -> str:
    """An indicator over generated service events: 365 days × 50 branches, however many facts there are."""
    from pathlib import Path

    from django.conf import settings
    from generate import BRANCHES, write_events

    from calidez import engine
    from calidez.kit.catalog import catalog
    from calidez.kit.platform.jobs.worker import run_worker
    from calidez.monitoring.models import Indicator
    from calidez.monitoring.services import import_file
    from calidez.people.models import Unit, User

    by = User.objects.get(email="administrator@demo.example")
    root = by.unit
    units, indicators = catalog.of(Unit), catalog.of(Indicator)
    for number in range(1, BRANCHES + 1):
        code = f"B{number:02}"
        if not Unit.objects.filter(code=code).exists():
            units.creation(by=by, code=code, name=f"Branch {number:02}", parent=root)
    path = Path(settings.DATA_DIR) / f"events-{rows}.csv"
    write_events(path, rows)
    done = import_file(path, dataset=f"events_{rows}", mapping=_schema(engine), by=by, name=f"{rows} events")
    path.unlink()
    made = indicators.creation(
        by=by,
        name=f"Answered within 20 s, {rows} facts",
        dataset=done.dataset,
        unit=root,
        owner=by,
        measure=Indicator.Measure.PROPORTION,
        numerator="waiting_seconds <= 20",
        period=Indicator.Period.DAY,
    )
    run_worker(once=True)
    return indicators.url(made)


def _schema(engine: Any) -> Any:
    types, roles, column = engine.ColumnType, engine.Role, engine.Column
    return engine.Schema(
        (
            column("event_time", "event_time", types.TIMESTAMP, roles.TIME, date_order="ymd"),
            column("branch", "branch", types.TEXT, roles.BRANCH),
            column("channel", "channel", types.TEXT, roles.SEGMENT),
            column("agent", "agent", types.TEXT, roles.TEXT),
            column("duration", "duration", types.NUMBER, roles.VALUE, unit="s"),
            column("waiting_seconds", "waiting_seconds", types.INTEGER, roles.VALUE, unit="s"),
            column("rating", "rating", types.INTEGER, roles.VALUE),
        )
    )


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
    os.environ["CALIDEZ_DATA"] = tempfile.mkdtemp(prefix="calidez-bench-")
    os.environ["CALIDEZ_ALLOWED_HOSTS"] = "testserver"
    os.environ.pop("CALIDEZ_DEBUG", None)
    from importlib import import_module

    from django.core.management import call_command

    import_module("calidez.config.wsgi")  # set up as a server's process is
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    for row in run():
        print(row)
