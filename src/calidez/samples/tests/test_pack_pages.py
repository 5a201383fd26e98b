"""A pack is chosen, read as a whole in the reader's language, and loaded from its page; only by who may create it all."""

from __future__ import annotations

import pytest
from django.test import Client

from calidez.kit.catalog import catalog
from calidez.people.models import Grant, Role, Unit, User
from calidez.policy.models import Policy
from calidez.standards.models import Standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(ana: User) -> Client:
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_packs_are_offered(client_of: Client) -> None:
    page = client_of.get("/starter-packs/").content.decode()
    assert page.count("/starter-packs/") >= 8
    assert "Oficinas bancarias" in page
    assert "6\u00a0compromisos" in page
    assert "/starter-packs/" in client_of.get("/administration/").content.decode()


def test_empty_lists_lead_to_them(client_of: Client) -> None:
    for address in ("/policies/", "/standards/", "/indicators/", "/objectives/"):
        assert "/starter-packs/" in client_of.get(address).content.decode(), address


def test_all_of_it_is_read_before_it_is_loaded(client_of: Client, ana: User) -> None:
    page = client_of.get("/starter-packs/hotel/").content.decode()
    for said in (
        "Usted tiene su llave",
        "Llave en diez minutos",
        "ISO 10002:2018, 7.4",
        "Avisos de huéspedes",
    ):
        assert said in page
    assert not Standard.objects.exists()
    client_of.post("/language/", {"language": "en"})
    assert "You have your key" in client_of.get("/starter-packs/hotel/").content.decode()


@pytest.mark.slow
def test_it_is_loaded_into_the_chosen_unit(client_of: Client, ana: User) -> None:
    creation = catalog.of(Unit).creation
    assert creation is not None
    north = creation(by=ana, code="N", name="Norte", kind=Unit.Kind.BRANCH, parent=ana.unit)
    answer = client_of.post("/starter-packs/hotel/", {"unit": str(north.uid)})
    assert answer["Location"] == f"/starter-packs/hotel/{north.uid}/"
    page = client_of.get(answer["Location"]).content.decode()
    assert "Se crearon 34 registros." in page
    assert "Habitación lista a las 15:00" in page
    assert Policy.objects.get().unit == north
    again = client_of.post("/starter-packs/hotel/", {"unit": str(north.uid)}, follow=True).content.decode()
    assert "Nada nuevo" in again
    assert client_of.get(f"/starter-packs/hotel/{ana.unit.uid}/").status_code == 404


@pytest.mark.parametrize("unit", ["", "nonsense", "6f1c3c7e-55a4-4b1a-9b0e-000000000000"])
def test_a_unit_that_is_none_is_answered(client_of: Client, unit: str) -> None:
    page = client_of.post("/starter-packs/hotel/", {"unit": unit}, follow=True).content.decode()
    assert "Elija una unidad" in page
    assert not Standard.objects.exists()


def test_the_file_can_be_downloaded(client_of: Client) -> None:
    answer = client_of.get("/starter-packs/hotel.yaml")
    assert answer["Content-Disposition"] == 'attachment; filename="hotel.yaml"'
    assert answer.content.decode().splitlines()[2] == "pack: hotel"
    assert client_of.get("/starter-packs/circus.yaml").status_code == 404
    assert client_of.get("/starter-packs/circus/").status_code == 404


def test_who_may_not_create_it_all_is_turned_away(client_of: Client, ana: User) -> None:
    person, grant = catalog.of(User).creation, catalog.of(Grant).creation
    assert person is not None
    assert grant is not None
    auditor = person(by=ana, email="i@example.org", name="Iris", unit=ana.unit, language="es")
    grant(by=ana, user=auditor, role=Role.objects.get(code="employee"), unit=ana.unit)
    client = Client()
    client.force_login(auditor, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/starter-packs/", "/starter-packs/hotel/", "/starter-packs/hotel.yaml"):
        assert client.get(address).status_code == 403
    assert client.post("/starter-packs/hotel/", {"unit": str(ana.unit.uid)}).status_code == 403
    assert "/starter-packs/" not in client.get("/standards/").content.decode()


def test_the_quality_manager_may(client_of: Client, ana: User) -> None:
    person, grant = catalog.of(User).creation, catalog.of(Grant).creation
    assert person is not None
    assert grant is not None
    manager = person(by=ana, email="q@example.org", name="Quique", unit=ana.unit, language="es")
    grant(by=ana, user=manager, role=Role.objects.get(code="quality_manager"), unit=ana.unit)
    client = Client()
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/starter-packs/hotel/", {"unit": str(ana.unit.uid)}).status_code == 302
    assert Standard.objects.count() == 10
