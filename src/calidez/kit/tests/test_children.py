"""Rows in a record's form: one save, one event, one version; what is wrong stands beside its row."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import audit
from calidez.kit.core.children import Child, Row
from calidez.kit.core.trail import as_it_stood
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.tests.ledger.models import Ledger, Line

pytestmark = pytest.mark.django_db


class Ledgers(Entity):
    model = Ledger
    slug = "ledgers"
    scope = None
    columns = ("title",)
    fields = ("title",)
    children = (Child(Line, ("text", "amount"), "Lines", min=1, max=4, order="place"),)


@pytest.fixture
def ledgers(monkeypatch):
    entity = Ledgers()
    monkeypatch.setitem(catalog._by_model, Ledger, entity)
    monkeypatch.setitem(catalog._by_slug, "ledgers", entity)
    return entity


@pytest.fixture
def client(world):
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(*lines, initial=0, **values):
    data = {
        "rows_line-TOTAL_FORMS": len(lines),
        "rows_line-INITIAL_FORMS": initial,
        "title": "Costs",
        **values,
    }
    for place, line in enumerate(lines):
        for name, value in line.items():
            data[f"rows_line-{place}-{name}"] = value
    return data


def texts(ledger):
    return list(ledger.lines.order_by("place").values_list("text", "amount"))


def made(client):
    answer = client.post("/ledgers/new/", form({"text": "Rent", "amount": 5}, {"text": "Light"}, {}))
    assert answer.status_code == 302, answer.content.decode()[-2500:]
    return Ledger.objects.get()


def test_rows_are_made_changed_moved_and_removed_in_one_save(ledgers, client):
    ledger = made(client)
    assert texts(ledger) == [("Rent", 5), ("Light", None)]
    rent, light = ledger.lines.order_by("place")
    address = f"/ledgers/{ledger.uid}/edit/"
    page = client.get(address).content.decode()
    assert 'value="Light"' in page
    assert "__prefix__" in page
    answer = client.post(
        address,
        form(
            {"row": rent.pk, "text": "Rent", "amount": 6, "ORDER": 3},
            {"row": light.pk, "text": "Light", "amount": "", "DELETE": "on", "ORDER": 2},
            {"text": "Water", "amount": 1, "ORDER": 1},
            initial=2,
            version=1,
        ),
    )
    assert answer.status_code == 302
    assert texts(ledger) == [("Water", 1), ("Rent", 6)]
    assert ledger.lines.filter(pk=rent.pk).exists()
    events = audit.history(ledger)
    assert [e.verb for e in events] == ["edit", "create"]
    assert events[0].after == {"rows_line": ["Water · 1", "Rent · 6"]}
    assert as_it_stood(ledger, event=events[1].pk).values["rows_line"] == ["Rent · 5", "Light"]
    shown = client.get(f"/ledgers/{ledger.uid}/?whole=1").content.decode()
    assert "Water · 1, Rent · 6" in shown
    assert shown.count("Lines") == 2  # among the fields and in the history


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([{"text": "Rent", "amount": -1}], "greater than or equal to 0"),
        ([{"text": "Rent", "amount": "many"}], "whole number"),
        ([{"text": "Rent"}, {"text": "Rent"}], "already exists"),
        ([{}], "between 1 and 4 rows"),
        ([{"text": str(n)} for n in range(5)], "between 1 and 4 rows"),
    ],
)
def test_what_is_wrong_stands_beside_its_row_and_nothing_is_saved(ledgers, client, lines, sentence):
    answer = client.post("/ledgers/new/", form(*lines))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Ledger.objects.exists()
    assert not Line.objects.exists()


def test_two_people_see_each_others_rows(ledgers, client):
    ledger = made(client)
    address = f"/ledgers/{ledger.uid}/edit/"
    rent, light = ledger.lines.order_by("place")
    mine = form(
        {"row": rent.pk, "text": "Rent", "amount": 9},
        {"row": light.pk, "text": "Light"},
        initial=2,
        version=1,
    )
    theirs = form({"row": rent.pk, "text": "Rent", "amount": 5}, initial=1, version=1)
    assert client.post(address, theirs).status_code == 302
    conflict = client.post(address, mine)
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Rent · 5" in page
    assert "Rent · 9" in page
    # The row that they removed comes back by the decision of who sends again.
    assert client.post(address, {**mine, "version": 2}).status_code == 302
    assert texts(ledger) == [("Rent", 9), ("Light", None)]


def test_rows_of_another_record_are_out_of_reach(ledgers, client, world):
    ledger = made(client)
    other = ledgers.creation(
        by=world.admin, title="Other", child_rows={"rows_line": [Row({"text": "Secret"})]}
    )
    secret = other.lines.get()
    stolen = form({"row": secret.pk, "text": "Mine now"}, initial=1, version=1)
    assert client.post(f"/ledgers/{ledger.uid}/edit/", stolen).status_code == 302
    assert texts(other) == [("Secret", None)]
    assert texts(ledger) == [("Mine now", None)]


def test_other_doors_leave_the_rows_alone_and_too_few_are_refused(ledgers, client, world):
    ledger = made(client)
    ledgers.edition(ledger, by=world.admin, title="Renamed")
    assert len(texts(ledger)) == 2
    with pytest.raises(RuleBroken, match="between 1 and 4"):
        ledgers.edition(ledger, by=world.admin, child_rows={"rows_line": []})
    assert len(texts(ledger)) == 2


def test_rows_that_were_written_and_not_saved_come_back_without_complaint(ledgers, client):
    page = client.get("/ledgers/new/").content.decode()
    token = re.search(r'name="_draft" value="([^"]+)"', page).group(1)
    client.post("/drafts/", form({"text": "Rent", "amount": "-1"}, {"text": ""}, _draft=token))
    page = client.get("/ledgers/new/").content.decode()
    assert 'value="Rent"' in page
    assert "greater than or equal to 0" not in page
    assert 'tone-bad" role="alert"' not in page
