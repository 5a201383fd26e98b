"""What people call a column of a dataset may be changed at any time; expressions and files keep its name."""

from __future__ import annotations

from typing import Any

import pytest

from calidez import engine
from calidez.monitoring.defining.words import sentence_of
from calidez.monitoring.models import Indicator
from calidez.monitoring.panels import columns_table
from calidez.monitoring.tests.loads import client, loaded, look_once, people, upload, visits

__all__ = ["look_once", "people"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept", "english")]


def test_a_column_is_called_otherwise_at_once(people: Any) -> None:
    dataset = loaded(people, visits(20)).dataset
    browser, address = client(people.admin), f"/datasets/{dataset.uid}/columns/"
    form = browser.get(address).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    answers = {name: value for name, value in answers.items() if value is not False}
    place = next(n for n, choice in enumerate(form.choices) if choice.source == "visits")
    assert browser.post(address, answers | {f"{place}-label": "Patients seen"}).status_code == 302
    dataset.refresh_from_db()
    schema = engine.Schema.from_json(dataset.schema)
    assert (schema.column("visits").label, dataset.wanted) == ("Patients seen", {})
    cells = [row.cells[0].value for row in columns_table(dataset, people.admin, None).rows]
    assert "Patients seen (visits)" in cells
    assert "Patients seen" in browser.get(f"/datasets/{dataset.uid}/rows/").content.decode()
    indicator = Indicator(dataset=dataset, measure="sum", value="visits", period="month")
    assert "Patients seen" in sentence_of(indicator, schema)
    # The next file is matched by its own headings, and brings no other name.
    item = upload(people, visits(20).replace("2026-01", "2026-02"), "february.csv")
    answer = browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/imports/{item.uid}/check/"
