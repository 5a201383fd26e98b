"""What was written and not saved comes back to its writer, and to nobody else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.desk.drafts import services
from calidez.kit.desk.drafts.jobs import forget_drafts
from calidez.kit.desk.drafts.models import Draft
from calidez.people.models import Position
from calidez.people.tests.factories import PASSWORD, create

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]
NEW = "/positions/new/"


def client_of(user, **options):
    client = Client(**options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def token_in(page):
    return re.search(r'name="_draft" value="([^"]+)"', page.content.decode()).group(1)


def typed(world, token, **values):
    return {"name": "Porter of the night", "unit": world.north.pk, "purpose": "", "_draft": token, **values}


def test_a_draft_comes_back_and_goes_when_it_is_saved(world):
    client = client_of(world.admin)
    token = token_in(client.get(NEW))
    answer = client.post("/drafts/", typed(world, token, password="secret", csrfmiddlewaretoken="x"))
    assert answer.json() == {"kept": True, "signed_in": True}
    assert set(Draft.objects.get().content) == {"name", "unit", "purpose"}
    page = client.get(NEW).content.decode()
    assert "Porter of the night" in page
    assert "did not save" in page
    assert "error-summary" not in page
    assert "Porter of the night" not in client_of(world.north_manager).get(NEW).content.decode()
    assert client.post(NEW, typed(world, token)).status_code == 302
    assert Position.objects.filter(name="Porter of the night").exists()
    assert not Draft.objects.exists()


def test_a_draft_is_thrown_away_by_its_writer_alone(world):
    client = client_of(world.admin)
    token = token_in(client.get(NEW))
    client.post("/drafts/", typed(world, token))
    client_of(world.north_manager).post("/drafts/forget/", {"_draft": token})
    assert Draft.objects.exists()
    assert client.post("/drafts/forget/", {"_draft": token})["Location"] == NEW
    assert not Draft.objects.exists()


def test_a_form_sent_after_the_session_ended_waits_for_its_writer(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(NEW)
    form = typed(world, token_in(page), csrfmiddlewaretoken=page.context["csrf_token"])
    client.cookies.pop("sessionid")
    answer = client.post(NEW, form)
    assert answer["Location"] == f"/login/?next={NEW}"
    assert "Your session has ended" in client.get(answer["Location"]).content.decode()
    assert Draft.objects.get().person == world.admin
    assert not Position.objects.filter(name="Porter of the night").exists()
    again = Client()
    again.post("/login/", {"username": world.admin.email, "password": PASSWORD, "next": NEW})
    assert "Porter of the night" in again.get(NEW).content.decode()


def test_text_typed_after_the_session_ended_is_kept_too(world):
    token = token_in(client_of(world.admin).get(NEW))
    assert Client().post("/drafts/", typed(world, token)).json() == {"kept": True, "signed_in": False}
    assert Draft.objects.get().person == world.admin


def test_a_form_from_before_the_last_sign_in_is_not_saved_but_not_lost(world):
    client = client_of(world.admin, enforce_csrf_checks=True)
    token = token_in(client.get(NEW))
    answer = client.post(NEW, typed(world, token, csrfmiddlewaretoken="x" * 64))
    assert answer["Location"] == NEW
    assert not Position.objects.filter(name="Porter of the night").exists()
    assert "Porter of the night" in client.get(NEW).content.decode()
    assert client.post(NEW, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_who_lost_session_and_cookies_is_told_to_sign_in_and_finds_the_text(world):
    token = token_in(client_of(world.admin).get(NEW))
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(NEW, typed(world, token, csrfmiddlewaretoken="x" * 64), follow=True)
    assert "Your session has ended" in answer.content.decode()
    assert "Porter of the night" in client_of(world.admin).get(NEW).content.decode()


def test_a_comment_sent_after_the_session_ended_waits_in_its_panel(world):
    position = create(Position, world.admin, name="Porter", unit=world.north, purpose="")
    client, url = client_of(world.admin), f"/positions/{position.uid}/"
    form = {"text": "Half a thought", "_draft": token_in(client.get(f"{url}?whole=1"))}
    assert Client().post(f"{url}comments/", form)["Location"] == f"/login/?next={url}comments/"
    assert client.get(f"{url}comments/")["Location"] == f"{url}#panel-comments"
    panel = {"path": f"{url}panels/comments/", "headers": {"HX-Request": "true"}}
    assert "Half a thought" in client.get(**panel).content.decode()
    assert "Half a thought" not in client_of(world.north_manager).get(**panel).content.decode()
    client.post(f"{url}comments/", form)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "W10:1:2"])
def test_without_its_token_nothing_is_kept(world, token):
    assert Client().post("/drafts/", typed(world, token)).status_code == 400
    assert Client().post(NEW, typed(world, token)).status_code == 302
    assert not Draft.objects.exists()


def test_an_edit_left_open_while_another_saves_ends_at_the_conflict_page(world):
    position = create(Position, world.admin, name="Porter", unit=world.north, purpose="")
    client, address = client_of(world.admin), f"/positions/{position.uid}/edit/"
    form = {"name": "Porter, by night", "unit": world.north.pk, "version": 1}
    client.post("/drafts/", {**form, "_draft": token_in(client.get(address))})
    assert client.post(address, {"name": "Doorman", "unit": world.north.pk, "version": 1}).status_code == 302
    client.post("/drafts/", {**form, "_draft": token_in(client.get(address))})
    page = client.get(address)
    assert 'name="version" value="1"' in page.content.decode()
    assert client.post(address, form).status_code == 409


def test_too_much_is_refused_and_old_drafts_are_forgotten(world):
    assert not services.keep(world.admin, NEW, {"name": ["x" * (services.LARGEST + 1)]})
    now = timezone.now()
    assert services.keep(world.admin, NEW, {"name": ["x"]}, at=now - dt.timedelta(days=8))
    assert services.find(world.admin, NEW) is None
    forget_drafts.run() if hasattr(forget_drafts, "run") else services.forget_old(now)
    assert not Draft.objects.exists()
