"""Files as people have them go in by the pages, by the command line and by programs, and hold what a person counts in them."""

from __future__ import annotations

import datetime as dt
import html
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from calidez import engine
from calidez.engine import tests as engine_tests
from calidez.kit.conformance import World
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.forms import ReadingForm
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store
from calidez.monitoring.tests.loads import client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

FILES = Path(next(iter(engine_tests.__path__))) / "data" / "awkward"
DAY = dt.date


@dataclass(frozen=True)
class OwnFile:
    """A file, what a person answers where the file alone does not tell, and what was counted in it by hand.

    `answers` are by heading and field; `asked` are those without which the columns step does not go on. `reading` is what
    is said of how the file is read, before that.
    """

    name: str
    rows: int
    first: dt.date
    last: dt.date
    figures: Mapping[str, float]
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()  # on the pages of reading and columns, in Spanish


OWN = (
    OwnFile(
        "01_titulo_combinadas_totales.xlsx",
        40,
        DAY(2026, 1, 5),
        DAY(2026, 1, 14),
        {"sum(clientes_atendidos)": 4095, "sum(clientes_perdidos)": 208},
    ),
    OwnFile(
        "07_una_columna_por_mes.csv",
        48,
        DAY(2025, 1, 1),
        DAY(2025, 12, 1),
        {"sum(valor)": 53507},
        reading={"turn": "turn"},
    ),
    OwnFile("09_varias_hojas.xlsx", 60, DAY(2026, 1, 1), DAY(2026, 3, 20), {"count(espera)": 60}),
    OwnFile(
        "11_sap_cabecera.tsv",
        60,
        DAY(2026, 1, 5),
        DAY(2026, 2, 3),
        {"round(sum(importe), 2)": 118392.04},
    ),
    OwnFile("19_xls_que_es_html.xls", 1, DAY(2026, 1, 5), DAY(2026, 1, 5), {"sum(espera)": 4}),
    OwnFile("cr-cr-lf.csv", 2, DAY(2025, 1, 1), DAY(2025, 1, 2), {"sum(v)": 3}),
    OwnFile("mixed-line-ends.csv", 2, DAY(2025, 1, 1), DAY(2025, 1, 2), {"sum(v)": 3}),
    OwnFile(
        "error-cells.xlsx", 14, DAY(2026, 1, 1), DAY(2026, 1, 14), {"count(share)": 13}, says=("D6: #DIV/0!",)
    ),
    OwnFile(
        "formulas-some-uncalculated.xlsx",
        14,
        DAY(2026, 1, 1),
        DAY(2026, 1, 14),
        {"count(late)": 7},
        says=("C3, C5, C7",),
    ),
    OwnFile(
        "03_dos_formatos_de_fecha.csv",
        60,
        DAY(2026, 1, 5),
        DAY(2026, 3, 5),
        {"sum(espera)": 878},
    ),
    OwnFile("05_duracion_hms.csv", 60, DAY(2026, 1, 5), DAY(2026, 2, 3), {"sum(espera)": 20143}),
    OwnFile(
        "06_porcentajes.csv",
        48,
        DAY(2025, 1, 1),
        DAY(2025, 12, 1),
        {"round(sum(cumplimiento), 1)": 4431.0},
        {"mes-kind": "date:dmy"},
        ("mes-kind",),
    ),
    OwnFile(
        "11b_sap_limpio.tsv",
        60,
        DAY(2026, 1, 5),
        DAY(2026, 2, 3),
        {"round(sum(importe), 2)": 118392.04, "count(*) FILTER (importe < 0)": 24},
    ),
    OwnFile(
        "12_si_no_vacias_na99.csv",
        80,
        DAY(2026, 1, 5),
        DAY(2026, 2, 13),
        {"count(*) FILTER (resuelto)": 46, "sum(puntaje)": 261, "count(*) - count(puntaje)": 9},
        {"puntaje-nothing": "nothing"},
        ("puntaje-nothing",),
        says=("¿Qué es -99 (9 veces)?", "Siempre vacía"),
    ),
    OwnFile(
        "13_na_codigos.csv",
        60,
        DAY(2026, 1, 5),
        DAY(2026, 2, 3),
        {"sum(espera)": 422, "count(*) - count(espera)": 33},
        says=("Se toman como vacías: ",),
    ),
    OwnFile(
        "15_meses_con_nombre.csv",
        60,
        DAY(2026, 1, 5),
        DAY(2026, 3, 5),
        {"sum(espera)": 951, "count(DISTINCT mes)": 3, "count(*) FILTER (fecha = dia)": 60},
        {"dia-kind": "date:ymd:YYMMDD"},
        ("dia-kind",),
    ),
    OwnFile(
        "20_interrogacion_es_vacio.csv",
        40,
        DAY(2026, 1, 13),
        DAY(2026, 1, 24),
        {"count(*) - count(resuelto)": 3},
    ),
    OwnFile("date-some-with-time.csv", 1200, DAY(2026, 1, 1), DAY(2026, 1, 28), {"count(DISTINCT id)": 1200}),
    OwnFile("late-decimals.csv", 1212, DAY(2026, 1, 1), DAY(2026, 2, 12), {"sum(wait)": 11472}),
    OwnFile("meses-abreviados.csv", 24, DAY(2024, 1, 15), DAY(2025, 12, 15), {"sum(atenciones)": 2532}),
    OwnFile("meses-largos.csv", 24, DAY(2024, 1, 15), DAY(2025, 12, 15), {"sum(atenciones)": 2532}),
    OwnFile("mixed-codes.csv", 1200, DAY(2026, 1, 1), DAY(2026, 1, 28), {"count(DISTINCT branch)": 8}),
    OwnFile(
        "visits-without-number.csv",
        2000,
        DAY(2026, 1, 1),
        DAY(2026, 1, 28),
        {"sum(wait)": 19000},
        says=("Filas iguales en todas las columnas: 1 860 de 2 000",),
    ),
    OwnFile(
        "years.csv",
        18,
        DAY(2008, 1, 1),
        DAY(2025, 1, 1),
        {"sum(n)": 477},
        {"year-kind": "date:ymd:year"},
        ("year-kind",),
        says=("Un año solo no es todavía una fecha",),
    ),
)


# The rest waits for the whole run: each goes in three times.
AT_ONCE = {
    "01_titulo_combinadas_totales.xlsx",
    "07_una_columna_por_mes.csv",
    "12_si_no_vacias_na99.csv",
    "years.csv",
}


@pytest.mark.parametrize(
    "own",
    [pytest.param(own, id=own.name, marks=() if own.name in AT_ONCE else pytest.mark.slow) for own in OWN],
)
def test_an_own_file_holds_what_was_counted_in_it(
    own: OwnFile, world: World, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        item = by_the_pages(own, world)
    assert (item.state, item.report["rows_loaded"], item.report["rows_with_gaps"]) == ("loaded", own.rows, 0)
    holds(own, item.dataset)
    with django_capture_on_commit_callbacks(execute=True):
        holds(own, by_the_command(own, world, item, tmp_path))
        holds(own, by_a_program(own, world, item))


def holds(own: OwnFile, dataset: Dataset) -> None:
    held = store().open(dataset.code)
    assert held.rows() == own.rows
    first, last = held.period_range()
    assert (first.date(), last.date()) == (own.first, own.last)
    with duckdb.connect() as connection:
        for expression, figure in own.figures.items():
            found = connection.execute(f"SELECT {expression} FROM {held.source()}").fetchone()
            assert float(found[0]) == pytest.approx(figure), expression


# The doors


def by_the_pages(own: OwnFile, world: World) -> Import:
    browser = client(world.admin)
    world.admin.language = "es"
    world.admin.save()
    content = (FILES / own.name).read_bytes()
    browser.post("/imports/new/", {"file": SimpleUploadedFile(own.name, content)})
    item = Import.objects.latest("pk")
    base = f"/imports/{item.uid}"
    seen = look(browser, base, item, own.reading)
    browser.post(f"{base}/reading/")
    page = browser.get(f"{base}/columns/")
    text = html.unescape(seen + page.content.decode()).replace("\xa0", " ").replace("\u202f", " ")
    for said in own.says:
        assert said in text
    answers = given(page, own)
    for name in own.asked:
        assert goes_on(browser, base, {**answers, field_of(page, name): ""}) is False, name
    assert goes_on(browser, base, answers), browser.get(f"{base}/columns/").context["form"].errors
    found = browser.post(f"{base}/check/", headers={"HX-Request": "true"})
    if found.context["report"].unknown:
        browser.post(f"{base}/units/", {"all": "1", "parent": str(world.root.uid)})
        browser.post(f"{base}/check/")
    browser.post(f"{base}/load/")
    run_queued()
    item.refresh_from_db()
    return item


def look(browser: Client, base: str, item: Import, reading: Mapping[str, str]) -> str:
    """Look at the file, and once more as somebody says that it is to be read."""
    htmx = {"HX-Request": "true"}
    page = browser.post(f"{base}/look/", headers=htmx)
    if reading:
        item.refresh_from_db()
        form = ReadingForm(imports.profile_of(item))
        shown = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        page = browser.post(f"{base}/look/", {"said": "1", **shown, **reading}, headers=htmx)
    return page.content.decode()


def goes_on(browser: Client, base: str, answers: Mapping[str, Any]) -> bool:
    return browser.post(f"{base}/columns/", {**answers, "dataset": "new"}).status_code == 302


def given(page: Any, own: OwnFile) -> dict[str, Any]:
    """The form as proposed, with what a person says."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {field_of(page, name): value for name, value in own.answers.items()}
    return {name: value for name, value in values.items() if value not in (False, None)}


def field_of(page: Any, name: str) -> str:
    heading, _dash, field_name = name.rpartition("-")
    position = next(n for n, row in enumerate(page.context["form"].choices) if row.source == heading)
    return f"{position}-{field_name}"


def by_the_command(own: OwnFile, world: World, item: Import, tmp_path: Path) -> Dataset:
    path = tmp_path / own.name
    shutil.copy(FILES / own.name, path)
    mapping = imports.mapping_of(item)
    with translation.override("es"):
        done = imports.import_file(
            path, dataset="by_command", by=world.admin, mapping=mapping, name="By command"
        )
    assert done.state == "loaded"
    found: Dataset = done.dataset
    return found


def by_a_program(own: OwnFile, world: World, item: Import) -> Dataset:
    """Into a dataset that is declared and empty, as a program sends it."""
    made = imports.datasets.create_dataset(
        code="by_program",
        name="By program",
        unit=world.root,
        schema=engine.Schema.from_json(item.mapping["schema"]),
        by=world.admin,
    )
    received = imports.receive(own.name, [(FILES / own.name).read_bytes()])
    with translation.override("en"):
        sent = imports.push(made, received, by=world.admin, mapping=imports.mapping_of(item))
        run_queued()
    sent.item.refresh_from_db()
    assert sent.item.state == "loaded", sent.item.report
    made.refresh_from_db()
    return made
