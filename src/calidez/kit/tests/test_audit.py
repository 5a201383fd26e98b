"""The trail: sealed, append-only, and honest about the first broken link."""

from __future__ import annotations

import datetime as dt
import uuid
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit, heads, verification
from calidez.kit.core.events import AuditEvent, AuditMention, AuditSeal
from calidez.kit.desk.background import trail
from calidez.kit.desk.background.trail import broken
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.formats import moment
from calidez.kit.tests.tampering import unprotected
from calidez.people.models import Unit
from calidez.people.tests.factories import PASSWORD, create

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(world: World, settings: Any, tmp_path: Path) -> int:
    """The number of events, all sealed and their head kept as it is after every commit."""
    settings.TRAIL_HEAD = tmp_path / "trail.head"
    audit.seal()
    newest = AuditSeal.objects.order_by("-position").first()
    heads.keep(heads.now(newest.position, newest.digest))
    assert newest.position > 6
    return int(newest.position)


def test_an_untouched_trail_is_intact(sealed: int) -> None:
    result = verification.verify()
    assert result.intact
    assert result.events == AuditEvent.objects.count() == sealed
    assert result.head == AuditSeal.objects.order_by("-position").first().digest


@pytest.mark.parametrize(
    ("table", "field"), [(AuditEvent, "actor"), (AuditSeal, "digest"), (AuditMention, "field")]
)
def test_the_database_refuses_to_change_or_delete(world: World, table: Any, field: str) -> None:
    audit.seal()
    for change in (
        lambda: table.objects.filter(pk=table.objects.first().pk).update(**{field: "x"}),
        lambda: table.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_refuses_to_put_a_row_in_the_place_of_another(sealed: int) -> None:
    """REPLACE on SQLite and TRUNCATE on PostgreSQL touch rows without any trigger for rows noticing."""
    columns = "event_id, position, previous, digest"
    statements = {
        "sqlite": [
            f"INSERT OR REPLACE INTO kit_auditseal (id, {columns}) SELECT id, {columns} FROM kit_auditseal",
            f"REPLACE INTO kit_auditseal ({columns}) SELECT {columns} FROM kit_auditseal LIMIT 1",
            "INSERT OR REPLACE INTO kit_auditevent SELECT * FROM kit_auditevent LIMIT 1",
            "INSERT OR REPLACE INTO kit_auditmention SELECT * FROM kit_auditmention LIMIT 1",
        ],
        "postgresql": [
            "TRUNCATE kit_auditseal, kit_auditevent",
            "TRUNCATE kit_auditevent CASCADE",
            "TRUNCATE kit_auditmention",
        ],
    }
    if (
        connection.vendor == "postgresql"
    ):  # rows of this very transaction would keep the table from being emptied
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in statements[connection.vendor]:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert verification.verify().events == sealed


def event_at(position: int) -> str:
    return f"(SELECT event_id FROM kit_auditseal WHERE position = {position})"


CONTENT = "at, actor_uid, actor, verb, subject, subject_uid, label, before, after, note"
COPIED = (
    f"INSERT INTO kit_auditevent ({CONTENT}) SELECT {CONTENT.replace('actor,', chr(39) + 'Forged' + chr(39) + ',')}"
    f" FROM kit_auditevent WHERE id = {event_at(3)}"
)
UNSEALED = "(SELECT event_id FROM kit_auditseal)"


def cases(n: int, server: bool = False) -> dict[str, tuple[list[str], int, str]]:
    """What is done to a trail of n events; where that must be found, and why."""
    edits = {
        field: ([f"UPDATE kit_auditevent SET {field} = {value} WHERE id = {event_at(3)}"], 3, "content")
        for field, value in {
            "actor": "'forged'",
            "verb": "'forged'",
            "label": "'forged'",
            "note": "'forged'",
            "after": '\'{"name": "forged"}\'',
            "at": "'2020-01-01 00:00:00'",
            "subject_uid": f"'{uuid.uuid4().hex}'",
        }.items()
    }
    seals_from_3 = "DELETE FROM kit_auditseal WHERE position >= 3"
    moved = [
        f"UPDATE kit_auditseal SET position = {to} WHERE position = {of}"
        for of, to in ((3, 9_000_000), (4, 3), (9_000_000, 4))
    ]
    both = "(SELECT sum(abs(event_id)) FROM kit_auditseal WHERE position IN (3, 4))"
    numbers = [
        *(["SET CONSTRAINTS ALL DEFERRED"] if server else []),
        f"UPDATE kit_auditevent SET id = -id WHERE id IN ({event_at(3)}, {event_at(4)})",
        f"UPDATE kit_auditevent SET id = id + {both} WHERE id < 0",
        "UPDATE kit_auditseal SET event_id = -event_id WHERE position IN (3, 4)",
        f"UPDATE kit_auditseal SET event_id = event_id + {both} WHERE position IN (3, 4)",
    ]
    return edits | {
        "the order of numbers changed": (numbers, 3, "content"),
        "a seal deleted": (["DELETE FROM kit_auditseal WHERE position = 3"], 3, "missing"),
        "an event deleted with its seal": (
            [
                "DELETE FROM kit_auditseal WHERE position = 3",
                f"DELETE FROM kit_auditevent WHERE id NOT IN {UNSEALED}",
            ],
            3,
            "missing",
        ),
        "the first deleted": (["DELETE FROM kit_auditseal WHERE position = 1"], 1, "missing"),
        "positions exchanged": (moved, 3, "order"),
        "an event put at the end": ([COPIED], n + 1, "forged"),
        "an event put there with a seal": (
            [
                COPIED,
                "INSERT INTO kit_auditseal (event_id, position, previous, digest) SELECT (SELECT max(id) FROM"
                f" kit_auditevent), {n + 1}, digest, '{'a' * 64}' FROM kit_auditseal WHERE position = {n}",
            ],
            n + 1,
            "content",
        ),
        "the end cut off": (
            [
                f"DELETE FROM kit_auditseal WHERE position > {n - 3}",
                f"DELETE FROM kit_auditevent WHERE id NOT IN {UNSEALED}",
            ],
            n - 2,
            "truncated",
        ),
        "one edited, and the seals from there on deleted": (
            [f"UPDATE kit_auditevent SET note = 'forged' WHERE id = {event_at(3)}", seals_from_3],
            3,
            "truncated",
        ),
        "one deleted, and the seals from there on": (
            [
                seals_from_3,
                "DELETE FROM kit_auditevent WHERE id = (SELECT min(id) FROM kit_auditevent WHERE id NOT IN"
                f" {UNSEALED})",
            ],
            3,
            "truncated",
        ),
        "all edited, all seals deleted": (
            ["UPDATE kit_auditevent SET actor = 'Nobody'", "DELETE FROM kit_auditseal"],
            1,
            "truncated",
        ),
        "a seal below the first": (
            [
                COPIED,
                "INSERT INTO kit_auditseal (event_id, position, previous, digest) SELECT (SELECT max(id) FROM"
                " kit_auditevent), 0, '', ''",
            ],
            1,
            "missing",
        ),
        "events taken away, and a forged explanation": (
            [
                COPIED.replace("verb,", "'explain_gap',", 2).replace("'explain_gap',", "verb,", 1),
                'UPDATE kit_auditevent SET after = (SELECT \'{"gap": {"first": 3, "last": 5, "digest": "\' ||'
                " digest || '\"}}' FROM kit_auditseal WHERE position = 5) WHERE verb = 'explain_gap'"
                if not server
                else "UPDATE kit_auditevent SET after = (SELECT jsonb_build_object('gap', jsonb_build_object('first', 3,"
                " 'last', 5, 'digest', digest)) FROM kit_auditseal WHERE position = 5) WHERE verb = 'explain_gap'",
                "INSERT INTO kit_auditseal (event_id, position, previous, digest) SELECT (SELECT max(id) FROM"
                f" kit_auditevent), {n + 1}, digest, '{'a' * 64}' FROM kit_auditseal WHERE position = {n}",
                "DELETE FROM kit_auditseal WHERE position BETWEEN 3 AND 5",
            ],
            3,
            "missing",
        ),
        "emptied": (["DELETE FROM kit_auditseal", "DELETE FROM kit_auditevent"], 1, "truncated"),
    }


CASES = list(cases(9))


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_behind_the_back_of_the_program_is_found_and_placed(
    case: str, sealed: int, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    statements, place, reason = cases(sealed, connection.vendor == "postgresql")[case]
    unprotected(*statements)
    found = verification.verify()
    assert (found.broken_at, found.reason) == (place, reason)
    assert verification.verify().broken_at == place  # looking has mended nothing
    seals = AuditSeal.objects.count()
    with django_capture_on_commit_callbacks(execute=True):  # neither has going on to work
        catalog.of(Unit).edition(world.north, by=world.admin, name="Northern clinic")
        audit.seal(everything=True)
    assert AuditSeal.objects.count() > seals
    after = verification.verify()
    assert after.broken_at == place, after


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a type for each of them")
@pytest.mark.parametrize(
    "value",
    [
        "subject_uid = upper(subject_uid)",
        "subject_uid = CAST(subject_uid AS BLOB)",
        "subject_uid = substr(subject_uid, 1, 8) || '-' || substr(subject_uid, 9)",
        "actor_uid = upper(actor_uid)",
        "at = replace(at, ' ', 'T')",
        "at = at || '+00:00'",
        "at = 'some day'",
        "label = CAST(label AS BLOB)",
    ],
)
def test_a_value_stored_so_that_histories_pass_it_over_is_found(value: str, sealed: int) -> None:
    """Read through a field it is what was sealed; compared with, as histories do, it is another."""
    unprotected(
        f"UPDATE kit_auditevent SET {value} WHERE id = {event_at(4)}",
        f"UPDATE kit_auditevent SET {value} WHERE id = {event_at(6)}",
    )
    found = verification.verify()
    assert (found.broken_at, found.reason) == (4, "form")
    unprotected(f"UPDATE kit_auditevent SET note = 'forged' WHERE id = {event_at(3)}")
    assert verification.verify().broken_at == 3, "the first place is the one that is named"


def test_a_broken_trail_says_about_which_record_and_when(sealed: int, world: World) -> None:
    unprotected(f"UPDATE kit_auditevent SET note = 'forged' WHERE id = {event_at(3)}")
    event = AuditSeal.objects.get(position=3).event
    found = verification.verify()
    said = broken(found)
    assert "broken at event 3: its content was changed." in said
    entity = catalog.get(apps.get_model(event.subject))
    assert f"about “{event.label}” ({entity.label}), on {moment(event.at)}, by {event.actor}" in said
    assert event.label not in broken(found, named=False), "no names in the log"


def test_a_kind_that_nobody_knows_is_said_as_it_stands_there(sealed: int) -> None:
    unprotected(f"UPDATE kit_auditevent SET subject = 'no such kind' WHERE id = {event_at(3)}")
    assert "(no such kind)" in broken(verification.verify())


@pytest.mark.parametrize(
    ("which", "said"),
    [("position > {n} - 3", "and 3 events are missing"), ("position = 3", ": 1 event is missing.")],
)
def test_a_broken_trail_says_how_many_events_are_missing(sealed: int, which: str, said: str) -> None:
    unprotected(f"DELETE FROM kit_auditseal WHERE {which.format(n=sealed)}")
    assert said in broken(verification.verify())


def test_a_forged_event_that_lies_between_others_is_found(sealed: int, world: World) -> None:
    unprotected(COPIED)
    create(Unit, world.admin, code="NEW", name="New", parent=world.root)
    audit.seal()
    found = verification.verify()
    assert (found.broken_at, found.reason) == (sealed + 1, "forged")


def test_the_same_event_is_not_written_twice(sealed: int) -> None:
    """A copy with its proof would otherwise be taken for one of ours."""
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            f"INSERT INTO kit_auditevent ({CONTENT}, mac) SELECT {CONTENT}, mac FROM kit_auditevent"
            f" WHERE id = {event_at(3)}"
        )


def test_events_wait_for_their_seal_and_verifying_gives_them_none(
    sealed: int, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_at_end", ContextVar("waits", default=True))
    create(Unit, world.admin, code="NEW", name="New", parent=world.root)
    found = verification.verify()
    assert AuditSeal.objects.count() == sealed
    if connection.vendor == "postgresql":
        assert (found.intact, found.waiting) == (True, 1)
        monkeypatch.setattr(verification, "LATEST", dt.timedelta(days=-1))
        assert verification.verify().intact  # newer than every seal
    else:  # nothing ever waits there
        assert (found.broken_at, found.reason) == (sealed + 1, "unsealed")


def test_the_head_follows_every_commit(
    sealed: int, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        create(Unit, world.admin, code="NEW", name="New", parent=world.root)
        audit.seal()
    newest = AuditSeal.objects.order_by("-position").first()
    assert newest.position > sealed
    assert (heads.kept().events, heads.kept().digest) == (newest.position, newest.digest)
    heads.keep(heads.now(1, "an earlier one that came late"))
    assert heads.kept().events == newest.position


def test_a_head_that_is_behind_is_right(sealed: int, world: World) -> None:
    """The program may be killed between a commit and the note of it."""
    create(Unit, world.admin, code="NEW", name="New", parent=world.root)
    audit.seal()
    assert heads.kept().events == sealed
    assert verification.verify().events > sealed
    assert verification.verify().intact


def test_a_trail_rewritten_with_the_key_shows_against_what_is_kept(
    sealed: int, settings: Any, tmp_path: Path
) -> None:
    """Whoever has database and key can make a chain that holds; the heads elsewhere say since when it is another."""
    settings.TRAIL_HEADS = [tmp_path / "elsewhere" / "heads"]
    for seal in AuditSeal.objects.filter(position__in=(2, 5)):
        heads.spread(heads.now(seal.position, seal.digest))
    audit.spread_head()
    unprotected(
        f"UPDATE kit_auditevent SET actor = 'Nobody' WHERE id = {event_at(4)}",
        "DELETE FROM kit_auditseal WHERE position >= 4",
    )
    settings.TRAIL_HEAD.unlink()
    settings.TRAIL_HEAD, beside = None, settings.TRAIL_HEAD
    forge_macs()
    audit.seal(everything=True)
    assert verification.verify_chain().intact
    settings.TRAIL_HEAD = beside
    found = verification.verify()
    assert (found.broken_at, found.reason, found.since) == (3, "rewritten", 2)
    assert verification.verify(expected_head="f" * 64).reason == "rewritten"
    settings.TRAIL_HEADS = []
    assert verification.verify().reason == "unkept"


def forge_macs() -> None:
    for event in AuditEvent.objects.filter(seal__isnull=True):
        AuditEvent.objects.filter(pk=event.pk).update(mac=audit.mac(event))


def test_a_line_that_the_key_did_not_sign_counts_for_nothing(
    sealed: int, settings: Any, tmp_path: Path
) -> None:
    place = tmp_path / "heads"
    settings.TRAIL_HEADS = [place]
    audit.spread_head()
    audit.spread_head()
    assert len(place.read_text().splitlines()) == 1
    with place.open("a") as file:
        file.write('{"events": 3, "digest": "forged", "at": "", "mac": "forged"}\nnonsense\n{"events": 9')
    audit.spread_head()
    assert verification.verify().intact
    settings.TRAIL_HEAD.write_text("nonsense")
    assert verification.verify().reason == "unreadable"


def test_a_missing_head_is_said_and_not_made_anew(
    sealed: int, world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TRAIL_HEAD.unlink()
    assert verification.verify().reason == "unkept"
    with django_capture_on_commit_callbacks(execute=True):
        create(Unit, world.admin, code="NEW", name="New", parent=world.root)
        audit.seal()
    assert not settings.TRAIL_HEAD.exists()
    assert verification.verify().reason == "unkept"


def test_the_first_event_of_all_begins_the_head(settings: Any, tmp_path: Path, db: None) -> None:
    unprotected("DELETE FROM kit_auditseal", "DELETE FROM kit_auditevent")
    settings.TRAIL_HEAD = tmp_path / "trail.head"
    assert verification.verify().intact
    assert audit._end_of_chain() == (0, heads.GENESIS, True)
    assert heads.kept().events == 0  # even before the first is committed


def test_a_head_noted_by_hand_is_compared_too(world: World) -> None:
    audit.seal()
    noted = verification.verify()
    assert verification.verify(expected_head=noted.head, expected_events=noted.events).intact
    assert verification.verify(expected_head=noted.head).intact
    last = AuditSeal.objects.order_by("-position").first()
    unprotected(
        f"DELETE FROM kit_auditseal WHERE id = {last.pk}",
        f"DELETE FROM kit_auditevent WHERE id = {last.event_id}",
    )
    assert verification.verify().intact  # the chain alone cannot know
    assert verification.verify(expected_head=noted.head, expected_events=noted.events).reason == "truncated"
    assert verification.verify(expected_events=noted.events).reason == "truncated"
    assert verification.verify(expected_head="f" * 64, expected_events=3).reason == "rewritten"


def test_without_the_key_nobody_can_reseal(world: World, settings: Any) -> None:
    audit.seal()
    assert verification.key_fits()
    settings.AUDIT_KEY = "another key"
    assert verification.verify().broken_at == 1
    assert not verification.key_fits()


def test_only_what_changed_is_kept(world: World) -> None:
    edit = catalog.of(Unit).edition
    edit(world.north, by=world.admin, name="Northern clinic")
    event = audit.history(world.north, limit=1)[0]
    assert event.before == {"name": "North clinic"}
    assert event.after == {"name": "Northern clinic"}


def test_a_password_never_enters_the_trail(world: World) -> None:
    for event in AuditEvent.objects.filter(subject="people.user"):
        assert "password" not in (event.after or {})
    assert world.admin.password
    assert PASSWORD not in world.admin.password


def test_a_refused_change_leaves_no_event(world: World) -> None:
    from calidez.kit.platform.errors import NotAllowed

    count = AuditEvent.objects.count()
    with pytest.raises(NotAllowed):
        create(Unit, world.auditor, code="X", name="X", parent=world.root)
    assert AuditEvent.objects.count() == count


def test_a_trail_that_does_not_hold_is_told_at_night(sealed: int, world: World) -> None:
    trail.verify_trail()
    assert not Notification.objects.filter(kind="danger").exists()
    unprotected("DELETE FROM kit_auditseal WHERE position = 3")
    with override("es"):
        trail.verify_trail()
    told = Notification.objects.filter(kind="danger")
    assert {one.person for one in told} == {world.admin}
    assert "3" in told[0].text


def test_an_index_with_rows_taken_away_is_made_again_at_night_and_told(world: World) -> None:
    kept = set(AuditMention.objects.values_list("uid", "field", "subject", "subject_uid"))
    assert kept
    unprotected("DELETE FROM kit_auditmention")
    with override("es"):
        trail.verify_trail()
        trail.verify_trail()
    assert set(AuditMention.objects.values_list("uid", "field", "subject", "subject_uid")) == kept
    (told,) = Notification.objects.filter(kind="danger", person=world.admin)
    assert str(len(kept)) in told.text
