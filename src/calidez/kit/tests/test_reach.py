"""What a reader may not see is named on the pages of what they may see, and leads nowhere."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.kit.desk.intake.services import may_load
from calidez.people.tests.factories import person
from calidez.standards.tests.factories import standard_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]


def test_links_lead_only_where_the_reader_may_go(world):
    promise = standard_in_force(world, world.north, 1)
    reader = Client()
    reader.force_login(person(world.admin, world.north, "reads@demo.example", "Reads", role="employee"))
    owner, unit = f"/people/{promise.owner.uid}/", f"/units/{promise.unit.uid}/"
    for address in (f"/standards/{promise.uid}/?whole=1", "/standards/"):
        page = reader.get(address).content.decode()
        assert str(promise.owner) in page
        assert owner not in page
        assert unit in page
    admin = Client()
    admin.force_login(world.admin)
    page = admin.get(f"/standards/{promise.uid}/").content.decode()
    assert owner in page
    assert unit in page


def test_a_file_is_offered_only_where_it_could_fill_something_in(world):
    offered = {entity.slug for entity in catalog if may_load(entity, world.admin)}
    assert {"standards", "units", "annotations"} <= offered
    assert "imports" not in offered


def test_a_new_role_is_asked_for_its_name(world):
    browser = Client()
    browser.force_login(world.admin)
    assert browser.get("/roles/new/").context["page"].form.fields["name"].required
    answer = browser.post("/roles/new/", {"name": "", "purpose": "x"})
    assert answer.status_code == 422
    assert "name" in answer.context["page"].form.errors
