"""The public page: what everybody may read, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client

from calidez.charter import services
from calidez.charter.models import Charter
from calidez.charter.tests.factories import charter, proved
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.monitoring.models import Indicator, Measurement
from calidez.policy.models import Commitment

pytestmark = pytest.mark.django_db


def published(world: World, **values: Any) -> Charter:
    return services.publish(proved(world, world.north, slug="north", **values), by=world.admin)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def edit(one: Charter, world: World, **values: Any) -> Charter:
    edition = catalog.of(Charter).edition
    assert edition is not None
    return edition(one, by=world.admin, **values)


def test_everybody_reads_it_without_cookie_script_or_sign_in(world: World) -> None:
    published(world)
    answer = Client().get("/charter/north/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<script" not in page
    assert "style=" not in page
    assert "csrf" not in page
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', page) == []
    assert "We see every patient within 10 minutes" in page
    assert "60.0%" in page
    assert "95% interval: 56.9–63.0%" in page
    assert "December 2025, North clinic; n = 1,000" in page
    assert "target: at least 90%" in page
    assert "target not met" in page
    assert "From arrival to desk." in page
    assert 'href="mailto:complaints@example.org"' in page
    assert 'href="tel:+442079460000"' in page
    assert "<svg" in page
    assert "Version 1, published on" in page


def test_a_cache_may_keep_it_whoever_asked(world: World) -> None:
    """Nothing of the person who asked is in it, not even a cookie, so what is kept for one is right for all."""
    published(world)
    stranger, person = Client().get("/charter/north/"), signed_in(world.admin).get("/charter/north/")
    assert person.content == stranger.content
    assert not person.cookies
    assert person["ETag"] == stranger["ETag"]
    assert "public" in person["Cache-Control"]
    for address in ("/charter/nowhere/", "/charter/north/9/"):
        missing = Client().get(address)
        assert missing.status_code == 404
        assert "sessionid" not in missing.cookies
        assert "public" not in missing.get("Cache-Control", "")


@pytest.mark.parametrize("text", ["introduction", "complain"])
def test_hostile_words_do_nothing(world: World, text: str) -> None:
    hostile = (
        "[a](javascript:alert(1)) ![x](https://evil.example/p.png) <img src=x onerror=alert(1)> "
        "[b](data:text/html,x) <https://evil.example/> [c](//evil.example) <svg onload=alert(1)>"
    )
    published(world, **{text: hostile})
    page = Client().get("/charter/north/").content.decode()
    assert "<img" not in page
    assert "<svg onload" not in page
    assert not re.findall(r'href="(?:javascript|data|//)', page)


def test_it_speaks_its_own_language_to_everybody(world: World) -> None:
    published(world, language="es")
    answer = Client().get("/charter/north/", headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert '<html lang="es">' in page
    assert answer["Content-Language"] == "es"
    assert "60,0\N{NO-BREAK SPACE}%" in page
    assert "diciembre de 2025" in page


def test_only_reading_is_answered(world: World) -> None:
    published(world)
    assert Client().head("/charter/north/").status_code == 200
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)("/charter/north/").status_code == 405


def test_it_may_be_kept_for_a_while_and_asked_for_again(world: World) -> None:
    published(world)
    first = Client().get("/charter/north/")
    assert first["Cache-Control"] == "public, max-age=300"
    again = Client().get("/charter/north/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("listed", "robots"), [(False, "noindex"), (True, "index, follow")])
def test_search_engines_show_it_only_where_that_was_chosen(world: World, listed: bool, robots: str) -> None:
    published(world, listed=listed)
    answer = Client().get("/charter/north/")
    assert f'name="robots" content="{robots}' in answer.content.decode()
    assert answer.headers.get("X-Robots-Tag") == (None if listed else "noindex")


def test_what_is_not_published_is_nowhere(world: World) -> None:
    one = proved(world, world.north, slug="north")
    assert Client().get("/charter/north/").status_code == 404
    one = services.publish(one, by=world.admin)
    services.withdraw(one, by=world.admin, note="Being rewritten.")
    assert Client().get("/charter/north/").status_code == 404
    assert Client().get("/charter/north/1/").status_code == 404
    assert Client().get("/charter/nothing/").status_code == 404
    services.publish(one, by=world.admin)
    assert Client().get("/charter/north/").status_code == 200
    assert Client().get("/charter/north/2/").status_code == 404


def test_later_changes_do_not_leak(world: World) -> None:
    one = published(world)
    before = Client().get("/charter/north/").content
    edit(one, world, title="Something else", complain="Go away.")
    Commitment.objects.update(statement="We never see anybody.")
    Measurement.objects.update(met=1000, unmet=0)
    Indicator.objects.update(name="Another name", measured_in="min")
    assert Client().get("/charter/north/").content == before


def test_older_versions_say_when_they_held(world: World) -> None:
    one = published(world)
    one = services.publish(edit(one, world, title="The second one"), by=world.admin)
    newest = Client().get("/charter/north/").content.decode()
    assert "The second one" in newest
    assert 'href="/charter/north/1/"' in newest
    older = Client().get("/charter/north/1/")
    page = older.content.decode()
    assert "What you can count on 0" in page
    assert "An older version: it held from" in page
    assert 'content="noindex' in page
    assert one.versions.count() == 2


def test_results_that_were_not_chosen_are_not_even_frozen(world: World) -> None:
    one = published(world, result="none")
    version = one.versions.get()
    (measure,) = version.content["commitments"][0]["measures"]
    assert measure["said"] == "not_chosen"
    assert not {"value", "low", "high", "n"} & set(measure)
    assert "60" not in json.dumps(version.content)
    page = Client().get("/charter/north/").content.decode()
    assert "How we measure it" in page
    assert "Last result" not in page


def test_small_cells_are_not_shown(world: World) -> None:
    one = proved(world, world.north, slug="north")
    newest = Measurement.objects.filter(period_start=dt.date(2025, 12, 1))
    newest.update(n=9, weight=9, total=4, met=4, unmet=5)
    one = services.publish(one, by=world.admin)
    assert "Not enough data: fewer than 10 cases." in Client().get("/charter/north/").content.decode()
    (measure,) = one.versions.get().content["commitments"][0]["measures"]
    assert "value" not in measure


def test_the_page_asks_the_database_little(world: World, django_assert_max_num_queries: Any) -> None:
    published(world)
    Client().get("/charter/north/")
    with django_assert_max_num_queries(4):
        Client().get("/charter/north/")


def test_the_preview_is_for_those_who_may_write_it(world: World) -> None:
    one = proved(world, world.north, slug="north", mail="", phone="")
    address = "/charter/north/preview/"
    assert "/login/" in Client().get(address)["Location"]
    assert signed_in(world.auditor).get(address).status_code == 404
    answer = signed_in(world.admin).get(address)
    page = answer.content.decode()
    assert "Preview: this is not published." in page
    assert "Say where to complain" in page
    assert one.title in page
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"


def test_text_of_people_is_text(world: World) -> None:
    published(world, introduction="**Bold** <script>alert(1)</script>", complain="<b>Tell us</b>")
    page = Client().get("/charter/north/").content.decode()
    assert "<strong>Bold</strong>" in page
    assert "<script>" not in page
    assert "&lt;b&gt;Tell us" in page


def test_versions_are_compared_side_by_side(world: World) -> None:
    one = published(world)
    address = f"/charters/{one.uid}/versions/"
    assert signed_in(world.admin).get(address).status_code == 404
    Measurement.objects.filter(period_start=dt.date(2025, 12, 1)).update(met=950, unmet=50)
    one = services.publish(edit(one, world, phone=""), by=world.admin)
    page = signed_in(world.admin).get(address).content.decode()
    assert "+44 20 7946 0000" in page
    assert "60.0" in page
    assert "95.0" in page
    assert "We look after you." not in page, "what is equal is not listed"
    same = signed_in(world.admin).get(address, {"before": "2", "after": "2"}).content.decode()
    assert "Both versions say the same." in same
    assert Client().get(address).status_code == 302


def test_the_page_of_the_charter_leads_to_the_public_one(world: World) -> None:
    one = published(world)
    page = signed_in(world.admin).get(catalog.of(Charter).url(one)).content.decode()
    assert "/charter/north/" in page
    assert "<svg" in page
    edit(one, world, title="Something else")
    page = signed_in(world.admin).get(catalog.of(Charter).url(one)).content.decode()
    assert "differs from what the public reads" in page
    listed = (
        signed_in(world.admin).get(f"{catalog.of(type(one.policy)).url(one.policy)}?whole=1").content.decode()
    )
    assert one.code in listed


def test_a_draft_says_what_is_missing(world: World) -> None:
    one = charter(world, world.north, 1, mail="", phone="")
    page = signed_in(world.admin).get(catalog.of(Charter).url(one)).content.decode()
    assert "Before it can be published:" in page


def test_the_code_leads_to_the_name_that_the_operator_gave(world: World, settings: Any) -> None:
    published(world)
    assert "http://testserver/charter/north/" in Client().get("/charter/north/").content.decode()
    settings.SITE_ADDRESS, settings.SITE_ADDRESS_GIVEN = "https://q.example.org", True
    assert "https://q.example.org/charter/north/" in Client().get("/charter/north/").content.decode()
