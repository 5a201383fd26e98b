"""Versions in force: one at a time, never rewriting the past, approved by another, told in words, given back whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from calidez.kit.core import editions
from calidez.kit.core.children import Row
from calidez.kit.core.trail import Look
from calidez.kit.desk.editions import Versions, differences
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.tests.factories import issued
from calidez.kit.tests.ledger.models import Tariff, TariffEdition
from calidez.kit.tests.tariffs import (
    DAY,
    FIRST,
    LIFE,
    Tariffs,
    draft,
    edit,
    in_force,
    second,
    signed_in,
    tariffs,
    third,
)
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
__all__ = ["second", "tariffs", "third"]  # fixtures


# One at a time


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (dt.date(2024, 6, 30), None),
        (dt.date(2023, 1, 1), dt.date(2024, 1, 1)),
        (dt.date(2024, 2, 1), dt.date(2024, 3, 1)),
        (dt.date(2023, 1, 1), None),
    ],
)
def test_the_database_refuses_two_at_a_time(tariffs, world, second, starts, ends):
    found = in_force(draft(world, ends=dt.date(2099, 6, 30)), world.admin, second)
    TariffEdition.objects.filter(pk=found.latest_id).update(ends=dt.date(2024, 6, 30))
    other = TariffEdition(record=found, number=2, starts=starts, ends=ends, made_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
    with pytest.raises(Exception, match="ledger_tariffedition_apart"):
        other.validate_constraints()
    later = TariffEdition(
        record=found, number=2, starts=dt.date(2024, 9, 1), ends=dt.date(2024, 9, 30), made_at=timezone.now()
    )
    later.validate_constraints()
    later.save()  # a gap is no fault: between two versions nothing need hold
    with pytest.raises(IntegrityError), transaction.atomic():
        TariffEdition.objects.filter(pk=later.pk).update(starts=dt.date(2024, 6, 30))
    stranger = draft(world, title="Day")
    TariffEdition.objects.create(record=stranger, number=1, starts=starts, ends=ends, made_at=timezone.now())


def test_each_ends_the_day_before_the_next_and_none_rewrites_the_past(tariffs, world, second):
    found, today = in_force(draft(world), world.admin, second), timezone.localdate()
    again = LIFE.propose(edit(LIFE.revise(found, by=world.admin), world.admin, price=95.0), by=world.admin)
    with pytest.raises(RuleBroken, match="never rewrites the past") as refusal:
        LIFE.put_in_force(again, by=second, starts=today - DAY)
    assert refusal.value.field == "starts"
    with pytest.raises(RuleBroken, match="from which date"):
        LIFE.put_in_force(again, by=second)
    coming = LIFE.put_in_force(again, by=second, starts=today + 10 * DAY)
    newest, first = editions.of(coming)
    assert (first.price, first.ends, newest.price, newest.starts) == (
        90.0,
        today + 9 * DAY,
        95.0,
        today + 10 * DAY,
    )
    other = in_force(draft(world, title="Day"), world.admin, second, starts=today)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        held = editions.in_force_on(TariffEdition, [coming, other], today + 9 * DAY)
    assert (held[coming.pk].number, held[other.pk].number, len(asked)) == (1, 1, 1)
    assert editions.in_force_on(TariffEdition, [coming, other], FIRST) == {coming.pk: first}
    assert editions.holding(coming, FIRST - DAY) is None


def test_what_ends_before_today_is_not_promised(tariffs, world):
    with pytest.raises(RuleBroken, match="ends before today"):
        LIFE.propose(draft(world, starts=FIRST, ends=FIRST), by=world.admin)
    with pytest.raises(RuleBroken, match="Say what it costs first"):
        LIFE.propose(draft(world, price=None), by=world.admin)


def test_the_first_may_begin_in_the_past_and_later_ones_today():
    today = dt.date(2026, 3, 1)
    assert editions.earliest_start(before=None, on=today) is None
    assert editions.earliest_start(before=today - 30 * DAY, on=today) == today
    # One that has not begun yet is not overtaken.
    assert editions.earliest_start(before=today + 5 * DAY, on=today) == today + 6 * DAY
    assert editions.earliest_start(before=today, on=today) == today + DAY
    assert editions.end_of_the_one_before(starts=today, ended=None) == today - DAY
    assert editions.end_of_the_one_before(starts=today, ended=today + 90 * DAY) == today - DAY
    assert editions.end_of_the_one_before(starts=today, ended=today - 40 * DAY) == today - 40 * DAY


# Revising


def whole(world: Any, second: Any) -> dict[str, Any]:
    return {
        "kind": "case",
        "secret": "40",
        "since": dt.date(2020, 2, 29),
        "owner": world.admin,
        "tellers": [world.admin, second],
        "child_rows": {
            "rows_rebate": [Row({"to": second, "rate": 0.5}), Row({"to": world.admin, "rate": 2})]
        },
    }


def test_a_dropped_revision_gives_everything_back(tariffs, world, second):
    found = in_force(draft(world, **whole(world, second)), world.admin, second)
    before = found.latest.content
    assert before["rebates"][0] == {"to": {"label": "Sofia Second", "uid": str(second.uid)}, "rate": "0.5"}
    revised = edit(
        LIFE.revise(found, by=world.admin),
        world.admin,
        title="Other",
        kind="hour",
        price=None,
        secret="",
        since=None,
        owner=None,
        tellers=[],
        child_rows={"rows_rebate": [Row({"to": world.auditor, "rate": 9.0})]},
    )
    assert editions.holding(revised, timezone.localdate()).price == 90.0, "the present one goes on holding"
    back = LIFE.drop_revision(revised, by=world.admin, note="Not now.")
    back.refresh_from_db()
    assert (back.state, back.starts, back.price, back.since) == (
        "in_force",
        FIRST,
        90.0,
        dt.date(2020, 2, 29),
    )
    assert editions.content_of(back) == before
    assert editions.of(back).count() == 1


def test_rows_of_people_who_are_gone_do_not_come_back(tariffs, world, second):
    gone = person(world.admin, world.root, "gone@example.org", "Gus Gone")
    rows = {"rows_rebate": [Row({"to": gone, "rate": 1.0}), Row({"to": second, "rate": 2.0})]}
    found = in_force(draft(world, tellers=[gone, second], child_rows=rows), world.admin, second)
    content = found.latest.content
    for told in (content["tellers"], [row["to"] for row in content["rebates"]]):
        next(one for one in told if one["label"] == "Gus Gone")["uid"] = (
            "6e9c1f3e-0000-4000-8000-000000000000"
        )
    TariffEdition.objects.filter(pk=found.latest_id).update(content=content)
    back = LIFE.drop_revision(LIFE.revise(found, by=world.admin), by=world.admin, note="Not now.")
    assert [row.to for row in back.rebates.all()] == [second]
    assert list(back.tellers.all()) == [second]


def test_what_retires_ends_today_and_what_had_not_begun_never_held(tariffs, world, second):
    today = timezone.localdate()
    found = in_force(draft(world), world.admin, second)
    revised = edit(LIFE.revise(found, by=world.admin), world.admin, price=95.0)
    coming = in_force(revised, world.admin, second, starts=today + 10 * DAY)
    gone = LIFE.retire(coming, by=world.admin, note="Replaced.")
    (only,) = editions.of(gone)
    assert (gone.state, gone.price, gone.ends, only.ends, gone.latest) == (
        "retired",
        90.0,
        today,
        today,
        only,
    )
    assert not gone.is_promised
    never = in_force(draft(world, title="Never"), world.admin, second, starts=today + DAY)
    assert LIFE.retire(never, by=world.admin, note="Too late.").latest is None


# Told


def test_two_versions_differ_in_words(tariffs, world, second):
    found = in_force(draft(world, **whole(world, second)), world.admin, second)
    first = found.latest.content
    revised = edit(
        LIFE.revise(found, by=world.admin),
        world.admin,
        kind="hour",
        price=95.5,
        since=None,
        tellers=[second],
        child_rows={"rows_rebate": [Row({"to": second, "rate": 0.25})]},
    )
    after = editions.content_of(revised)
    said = {c.label: (c.before, c.after) for c in differences(tariffs, first, after)}
    assert said == {
        "Kind": ("by the case", "by the hour"),
        "Price": ("90", "95.5"),
        "First agreed": ("29 Feb 2020", "–"),
        "Tellers": ("Ada Administrator, Sofia Second", "Sofia Second"),
        "Rebates": ("Sofia Second · 0.5; Ada Administrator · 2", "Sofia Second · 0.25"),
    }
    with translation.override("es"):
        spanish = {c.label: (c.before, c.after) for c in differences(tariffs, first, after)}
    assert spanish["Price"] == ("90", "95,5")
    assert spanish["First agreed"][0] == "29 feb 2020"
    assert spanish["Rebates"][1] == "Sofia Second · 0,25"
    # That somebody is called otherwise now is no change of what was said.
    type(second).objects.filter(pk=second.pk).update(name="Sofia Segunda")
    assert "Owner" not in {c.label for c in differences(tariffs, after, editions.content_of(revised))}
    assert differences(tariffs, after, editions.content_of(Tariff.objects.get(pk=revised.pk))) == ()


def test_the_page_tells_them_compares_any_two_and_shows_the_one_of_a_day(tariffs, world, second):
    today = timezone.localdate()
    found = in_force(draft(world), world.admin, second)
    client, page = signed_in(world.admin), f"/tariffs/{found.uid}/"
    assert client.get(f"{page}versions/").status_code == 404, "there are no two to compare"
    for price in (95.0, 99.0):
        revised = edit(LIFE.revise(found, by=world.admin), world.admin, price=price)
        found = in_force(revised, world.admin, second, starts=today + DAY * (price - 90))
    shown = client.get(page, {"whole": "1"}).content.decode()
    assert "Proposed by Ada Administrator, put in force by Sofia Second" in shown
    assert "<del>95</del>" in shown
    assert "<ins>99</ins>" in shown
    assert "99 an hour" in shown
    compared = client.get(f"{page}versions/", {"before": "1", "after": "3"}).content.decode()
    assert (">90<" in compared, ">99<" in compared, ">95<" in compared) == (True, True, False)
    same = client.get(f"{page}versions/", {"before": "2", "after": "2"}).content.decode()
    assert "Both versions say the same." in same
    assert signed_in(world.outsider).get(f"{page}versions/").status_code == 404
    look = Look(timezone.now(), today)
    then = Versions().build_past(tariffs, found, world.admin, look)
    assert then is not None
    assert then.title == "Version 1, which was in force on that day"
    assert {row.label: row.cell.value for row in then.content}["Price"] == "90"
    assert then.title in client.get(page, {"on": today.isoformat(), "whole": "1"}).content.decode()
    assert Versions().build_past(tariffs, found, world.admin, Look(timezone.now(), FIRST - DAY)) is None


def test_what_is_confided_to_others_stands_in_no_version_history_or_past(tariffs, world, second, monkeypatch):
    monkeypatch.setattr(Tariffs, "guarded", ("secret",))
    found = in_force(draft(world, secret="The cost is 40"), world.admin, second)
    revised = edit(LIFE.revise(found, by=world.admin), world.admin, secret="The cost is 41")
    found = in_force(revised, world.admin, second, starts=timezone.localdate())
    client = signed_in(world.admin)
    today = timezone.localdate().isoformat()
    for address in ("?whole=1", f"?whole=1&on={today}", "versions/"):
        assert "The cost is" not in client.get(f"/tariffs/{found.uid}/{address}").content.decode(), address
    then = Versions().build_past(tariffs, found, world.admin, Look(timezone.now(), timezone.localdate()))
    assert then is not None
    assert "What it costs us" not in {row.label for row in then.content}
    for path in ("versions", "history"):
        assert "The cost is" not in asked(world.admin, f"tariffs/{found.uid}/{path}").content.decode()


def asked(by: Any, path: str) -> Any:
    given = {"Authorization": f"Bearer {issued(by).secret}", "Accept-Language": "en"}
    return Client().get(f"/api/v1/{path}", headers=given)


def test_programs_read_all_of_them_or_that_of_a_day(tariffs, world, second):
    today = timezone.localdate()
    found = in_force(draft(world), world.admin, second)
    revised = edit(LIFE.revise(found, by=world.admin), world.admin, price=95.0)
    in_force(revised, world.admin, second, starts=today + DAY)
    path = f"tariffs/{found.uid}/versions"
    newest, first = asked(world.auditor, path).json()["items"]
    assert (newest["number"], newest["starts"], newest["ends"]) == (2, (today + DAY).isoformat(), None)
    assert (first["number"], first["starts"], first["ends"]) == (1, "2024-01-01", today.isoformat())
    assert first["made_by"]["label"] == "Sofia Second"
    assert first["proposed_by"]["label"] == "Ada Administrator"
    assert first["content"]["title"] == "Night"
    assert [e["number"] for e in asked(world.auditor, f"{path}?on={today}").json()["items"]] == [1]
    assert asked(world.auditor, f"{path}?on=2023-12-31").json()["items"] == []
    assert asked(world.auditor, f"{path}?on=yesterday").status_code == 422
    assert asked(world.outsider, path).status_code == 404
    assert asked(world.admin, f"units/{world.root.code}/versions").status_code == 404


def test_a_list_costs_the_same_however_many_versions_there_are(tariffs, world, second):
    found = in_force(draft(world), world.admin, second)
    client = signed_in(world.admin)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/tariffs/{found.uid}/?whole=1").status_code == 200
        return len(queries)

    cost()
    revised = edit(LIFE.revise(found, by=world.admin), world.admin, price=95.0)
    found = in_force(revised, world.admin, second, starts=timezone.localdate())
    before = cost()
    revised = edit(LIFE.revise(found, by=world.admin), world.admin, price=96.0)
    found = in_force(revised, world.admin, second, starts=timezone.localdate() + DAY)
    assert cost() == before
    csv = b"".join(client.get("/tariffs/export.csv?columns=title,price,state,starts,ends")).decode()
    assert "Night" in csv
