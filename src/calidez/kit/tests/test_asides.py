"""What stands beside a form: drawn with it, asked again while it is written, and never a way to save or to see more."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.blocks import Aside
from calidez.kit.desk import asides
from calidez.kit.desk.asides import add_aside
from calidez.kit.tests.ledger.models import Ledger

pytestmark = pytest.mark.django_db


def letters(values, record, user):
    title = values.get("title", "")
    return {"body": f"{len(title)} letters, {'new' if record is None else record.title}, {user.email}"}


class Ledgers(Entity):
    model = Ledger
    slug = "ledgers"
    scope = None
    columns = ("title",)
    fields = ("title",)
    asides = (Aside("letters", "Letters", "kit/tests/body.html", letters, watches=("title",)),)


@pytest.fixture
def ledgers(monkeypatch, settings):
    entity = Ledgers()
    monkeypatch.setitem(catalog._by_model, Ledger, entity)
    monkeypatch.setitem(catalog._by_slug, "ledgers", entity)
    loader = ("django.template.loaders.locmem.Loader", {"kit/tests/body.html": "<p>{{ content.body }}</p>"})
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["OPTIONS"] = {**templates[0]["OPTIONS"]}
    templates[0]["OPTIONS"]["loaders"] = [*templates[0]["OPTIONS"]["loaders"], loader]
    settings.TEMPLATES = templates
    return entity


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_is_drawn_with_the_form_and_asked_again(ledgers, world):
    client = signed_in(world.admin)
    page = client.get("/ledgers/new/?title=Rent").content.decode()
    assert "4 letters, new, " in page
    assert 'hx-trigger="input from:#id_title delay:400ms' in page
    again = client.post("/ledgers/beside/letters/", {"title": "Rents"})
    assert again.status_code == 200
    assert "5 letters, new, " in again.content.decode()
    assert not Ledger.objects.exists()
    assert page.index("id_title") < page.index("aside-letters") < page.index("c-form-steps")
    ledger = ledgers.creation(by=world.admin, title="Costs")
    page = client.get(f"/ledgers/{ledger.uid}/edit/").content.decode()
    assert "5 letters, Costs, " in page
    assert "errorlist" not in client.post("/ledgers/new/", {"title": ""}).content.decode().split("c-aside")[1]


def test_what_does_not_read_well_yet_is_left_out(ledgers, world):
    again = signed_in(world.admin).post("/ledgers/beside/letters/", {"title": "x" * 5000})
    assert again.status_code == 200
    assert "0 letters" in again.content.decode()


@pytest.mark.parametrize("address", ["/ledgers/beside/nothing/", "/ledgers/beside/letters/?record=nonsense"])
def test_nonsense_is_no_page(ledgers, world, address):
    assert signed_in(world.admin).post(address, {"title": "x"}).status_code == 404


def test_only_whoever_may_write_is_answered(ledgers, world):
    assert signed_in(world.auditor).post("/ledgers/beside/letters/", {"title": "x"}).status_code == 403


def test_an_upper_part_adds_its_own(ledgers, world, monkeypatch):
    monkeypatch.setattr(asides, "_added", type(asides._added)(list))
    add_aside("ledger.ledger", Aside("more", "More", "kit/tests/body.html", letters, watches=("title",)))
    client = signed_in(world.admin)
    page = client.get("/ledgers/new/?title=Rent").content.decode()
    assert page.index("aside-letters") < page.index("aside-more")
    assert "5 letters" in client.post("/ledgers/beside/more/", {"title": "Rents"}).content.decode()
