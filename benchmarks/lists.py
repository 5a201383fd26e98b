"""Lists of a hundred thousand records, on SQLite and PostgreSQL: every way of looking at them against 150 ms."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import limits

LIMIT_MS = 150.0
REQUESTS = 20
WORDS = [
    *(
        "agenda",
        "ambulancia",
        "atención",
        "avería",
        "cambio",
        "cierre",
        "consulta",
        "director",
        "equipo",
        "espera",
    ),
    *(
        "festivo",
        "formación",
        "gripe",
        "huelga",
        "inundación",
        "jornada",
        "limpieza",
        "obras",
        "personal",
        "planta",
    ),
    *(
        "protocolo",
        "quirófano",
        "refuerzo",
        "reunión",
        "sala",
        "servicio",
        "sistema",
        "temporal",
        "traslado",
        "turno",
    ),
]
# One record in ten thousand has it, and none has the other.
RARE, NOWHERE = "zeppelin", "xylophonist"


def run(rows: int = 100_000) -> list[dict[str, Any]]:
    """One row per database, kind of record and way of looking (p95 of a whole request through Django)."""
    found = _apart("SQLite", "", rows)
    server = os.environ.get("CALIDEZ_TEST_DATABASE_URL")
    if server:
        with _database(server) as address:
            found += _apart("PostgreSQL", address, rows)
    else:
        print("No PostgreSQL: CALIDEZ_TEST_DATABASE_URL names no server.")
    return found


def measure(name: str, rows: int) -> Iterator[dict[str, Any]]:
    """Within a process whose settings name one database."""
    client = _prepare(rows)
    from calidez.kit.catalog import catalog
    from calidez.kit.desk.lists import grouping
    from calidez.kit.desk.lists.page import list_page
    from calidez.monitoring.models import Annotation, Signal
    from calidez.people.models import User
    from calidez.standards.models import Standard

    boss = User.objects.get(email="quality_manager@demo.example")
    for model in (Annotation, Signal, User):
        entity = catalog.of(model)
        page = list_page(entity, boss, {})
        ways = {"first page": "", "deep page": "?page=3999"}
        ways |= {"sorted by " + h.text: h.sort_url for h in page.headers if h.sort_url}
        for item in page.filters:
            options = [o.value for o in item.options if o.value]
            if options:
                ways[f"filtered by {item.label}"] = f"?{item.name}={options[len(options) // 2]}"
            if item.kind == "lookup":
                ways[f"filtered by letters of {item.label}"] = f"?{item.name}_text=12"
        ways |= {"a common word": "?q=turno", "a rare word": f"?q={RARE}", "nothing found": f"?q={NOWHERE}"}
        ways |= {
            "a common word, deep": "?q=turno&page=200",
            "a common word, sorted": "?q=turno&sort=" + _sortable(page),
        }
        ways |= {f"grouped by {name}": f"?group={name}" for name in grouping.groupable(entity)}
        here = entity.list_url()
        for way, address in ways.items():
            yield _row(f"{name}: {entity.key}, {way}", lambda a=here + address: client.get(a))
        for way, address in {"export, first row": "", "export of a rare word": f"?q={RARE}"}.items():
            answer = f"{here}export.csv{address}"
            yield _row(f"{name}: {entity.key}, {way}", lambda a=answer: _first_row(client.get(a)))
    _index(catalog.of(Annotation))
    asked = {"a common word": "turno", "two common words": "turno gripe", "a rare word": RARE}
    asked |= {"a slip": "zepelin", "a beginning": "tur", "nothing found": NOWHERE}
    for way, words in asked.items():
        yield _row(f"{name}: search over everything, {way}", lambda w=words: client.get("/search/", {"q": w}))
    entity = catalog.of(Standard)
    yield _row(f"{name}: standard, {rows:,} people to filter by", lambda: client.get(entity.list_url()))
    address = entity.list_url() + "options/owner/?owner_text=12"
    yield _row(f"{name}: standard, find one of {rows:,} people", lambda: client.get(address))


def _index(entity: Any) -> None:
    """What the worker does with new records, so that the search over everything knows them."""
    from django.db import connection

    from calidez.kit.desk.search import indexing

    last = 0
    while found := list(entity.model.objects.filter(pk__gt=last).order_by("pk")[:5000]):
        indexing.index(entity, found)
        last = found[-1].pk
    while indexing.follow_trail():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _sortable(page: Any) -> str:
    return next(h.sort_url for h in page.headers if h.sort_url).split("sort=")[1]


def _first_row(answer: Any) -> Any:
    parts = iter(answer.streaming_content)
    for _mark_heading_row in range(3):
        next(parts, None)
    return answer


def _row(what: str, request: Callable[[], Any]) -> dict[str, Any]:
    return limits.row(what, request, LIMIT_MS, REQUESTS)


def _apart(name: str, address: str, rows: int) -> list[dict[str, Any]]:
    """Settings are read once per process, so each database has one of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "CALIDEZ_DATA": tempfile.mkdtemp(prefix="calidez-bench-"),
    }
    command = [sys.executable, __file__, name, str(rows)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A database of its own on the given server, dropped afterwards."""
    import psycopg

    name = f"calidez_bench_{uuid.uuid4().hex[:12]}"
    base, _, options = server.partition("?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prepare(rows: int) -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
    os.environ["CALIDEZ_ALLOWED_HOSTS"] = "testserver"
    os.environ.pop("CALIDEZ_DEBUG", None)
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from calidez.people.models import User
    from calidez.samples.services import load_sample

    load_sample(language="es")
    _fill(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    boss = User.objects.get(email="quality_manager@demo.example")
    client.force_login(boss, "django.contrib.auth.backends.ModelBackend")
    return client


def _fill(rows: int) -> None:
    """Straight into the tables: what is measured is reading."""
    import datetime as dt

    from calidez.monitoring.models import Annotation, Indicator, Signal
    from calidez.people.models import Unit, User

    pick = random.Random(8)
    units = list(Unit.objects.values_list("pk", flat=True))
    indicators = list(Indicator.objects.values_list("pk", flat=True))
    first, by = dt.date(2016, 1, 1), User.objects.order_by("pk").first()

    def words(number: int, count: int) -> str:
        said = [pick.choice(WORDS) for _ in range(count)]
        return " ".join([*said, RARE] if number % 10_000 == 7 else said)

    def day() -> dt.date:
        return first + dt.timedelta(days=pick.randrange(3000))

    def people() -> Iterator[Any]:
        for n in range(rows):
            yield User(
                email=f"person{n}@example.org",
                name=f"{words(n, 2)} {n}",
                unit_id=pick.choice(units),
                created_by=by,
            )

    def notes() -> Iterator[Any]:
        for n in range(rows):
            indicator = pick.choice([*indicators, None])
            yield Annotation(
                text=words(n, 8), on=day(), unit_id=pick.choice(units), indicator_id=indicator, created_by=by
            )

    User.objects.bulk_create(people(), batch_size=2000)
    Annotation.objects.bulk_create(notes(), batch_size=2000)
    _fill_signals(rows - Signal.objects.count())


def _fill_signals(rows: int) -> None:
    """Copies of the sample's own signals, one day apart."""
    import datetime as dt

    from calidez.monitoring.models import Signal

    sources = Signal.objects.order_by("pk")[:2000]
    patterns = list({(s.indicator_version_id, s.unit_id, s.segment, s.rule): s for s in sources}.values())

    def copies() -> Iterator[Any]:
        for n in range(rows):
            signal = patterns[n % len(patterns)]
            signal.pk, signal.uid = None, uuid.uuid4()
            signal.period_start = dt.date(1990, 1, 1) + dt.timedelta(days=n // len(patterns))
            yield signal.__class__(
                **{f.attname: getattr(signal, f.attname) for f in signal._meta.concrete_fields}
            )

    Signal.objects.bulk_create(copies(), batch_size=2000)


if __name__ == "__main__":
    for row in measure(sys.argv[1], int(sys.argv[2])):
        print(json.dumps(row), flush=True)
