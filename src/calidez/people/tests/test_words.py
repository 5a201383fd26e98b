"""The organisation calls things in its own words, in every process; and a third language is a file away."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from calidez.config.languages import discover
from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.desk import wording
from calidez.kit.platform import preferences
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.people.models import Unit
from calidez.people.services import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world):
    yield world
    wording.lay_over(None)


def say(here, language: str = "es", **own: str) -> None:
    words.change(language, {key.replace("_", " "): text for key, text in own.items()}, by=here.admin)
    wording.lay_over(preferences.value_of(wording.KEY))


def test_own_words_stand_in_the_pages_and_shipped_ones_return(here, client):
    say(here, units="sucursales")
    with translation.override("es"):
        assert catalog.of(Unit).label_plural == "sucursales"
        assert Template("{% load i18n %}{% translate 'units' %}").render(Context()) == "sucursales"
    with translation.override("en"):
        assert catalog.of(Unit).label_plural == "units"
    say(here, "en", units="offices")
    with translation.override("en"):
        assert catalog.of(Unit).label_plural == "offices"
    say(here, units="")
    with translation.override("es"):
        assert gettext("units") == "unidades"


def test_plurals_and_contexts_have_words_of_their_own(here):
    shipped = wording.shipped_words("es")
    plural = next(key for key in shipped if key.startswith("1\x1f%(count)s entry"))
    context = next(key for key in shipped if key.startswith("kind of unit\x04Branch"))
    words.change("es", {plural: "%(count)s anotados", context: "Oficina"}, by=here.admin)
    wording.lay_over(preferences.value_of(wording.KEY))
    with translation.override("es"):
        assert ngettext("%(count)s entry", "%(count)s entries", 3) == "%(count)s anotados"
        assert pgettext("kind of unit", "Branch") == "Oficina"


def test_what_another_process_wrote_is_followed(here):
    words.change("es", {"units": "agencias"}, by=here.admin)
    preferences.follow(now=True)
    with translation.override("es"):
        assert gettext("units") == "agencias"


def test_a_word_must_fit_its_place(here):
    for key, text, said in (
        ("units", "<b>x</b>", "signs"),
        ("units", 'a" onmouseover=b', "signs"),
        ("Created: %(record)s", "Creado", "placeholders"),
        ("Created: %(record)s", "Creado: %(registro)s", "placeholders"),
        ("units", "x" * 200, "too long"),
        ("no such sentence", "x", "no such"),
    ):
        with pytest.raises(RuleBroken, match=said):
            words.change("es", {key: text}, by=here.admin)


def test_the_page_finds_changes_and_keeps_a_trail(here, client):
    client.force_login(here.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/words/?language=es").content.decode()
    assert "unidades" in page
    assert "unidades" not in client.get("/words/?language=es&q=contrase").content.decode()
    sent = {"key": ["units", "unit"], "text": ["sucursales", ""]}
    assert client.post("/words/?language=es", sent).status_code == 302
    assert client.post("/words/?language=es", {"key": ["units"], "text": ["<x>"]}).status_code == 422
    event = audit.history(here.root, limit=1)[0]
    assert (event.verb, event.after) == ("words", {"unidades (es)": "sucursales"})
    assert (
        "changed the words of the interface"
        in client.get(f"/units/{here.root.uid}/?whole=1").content.decode()
    )


def test_only_who_may_for_the_whole_organisation_changes_words(here, client):
    for who in (here.north_manager, here.auditor):
        with pytest.raises(NotAllowed):
            words.change("es", {"units": "x"}, by=who)
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/words/").status_code == 403


def test_a_language_is_a_file_away(tmp_path):
    for code in ("es", "pt", "pt_BR"):
        (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / code / "LC_MESSAGES" / "django.po").write_text("")
    assert discover(tmp_path) == ("es", "en", "pt", "pt-br")


def test_a_language_that_is_there_can_be_chosen(here, client, settings):
    settings.LANGUAGES = [("es", "Español"), ("en", "English"), ("pt", "Português")]
    client.force_login(here.admin, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/language/", {"language": "pt"})
    here.admin.refresh_from_db()
    assert here.admin.language == "pt"
    page = client.get("/people/").content.decode()
    assert 'lang="pt"' in page
    assert "Português" in client.get(f"/people/{here.admin.uid}/edit/").content.decode()
