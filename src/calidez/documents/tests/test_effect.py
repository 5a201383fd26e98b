"""When a version holds: today, on its planned day, never before enough have read it; and what it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from calidez.documents import jobs, selectors, services
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.tests.conftest import Clinic
from calidez.documents.tests.factories import approved, draft, in_force, make_document
from calidez.kit.core import audit, reactions, verification
from calidez.kit.desk.gaps import gaps
from calidez.kit.platform.errors import RuleBroken

State = DocumentVersion.State


@pytest.fixture
def document(clinic: Clinic) -> Document:
    return make_document(
        clinic.author, clinic.world.root, approvers=[clinic.boss], review_every=12, retention_years=3
    )


def second_version(clinic: Clinic, document: Document) -> DocumentVersion:
    return approved(
        document, by=clinic.author, approved_by=[clinic.boss], text="New words.", summary="New words."
    )


def test_it_holds_from_today_and_the_document_points_at_it(clinic: Clinic, document: Document) -> None:
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    document.refresh_from_db()
    today = timezone.localdate()
    assert (version.state, version.effective_on) == (State.EFFECTIVE, today)
    assert (document.state, document.current) == (Document.State.IN_FORCE, version)
    assert document.review_due == today.replace(year=today.year + 1)
    assert version.approved_at is not None


def test_the_next_one_supersedes_it_and_says_since_when(clinic: Clinic, document: Document) -> None:
    first = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    second = services.put_in_force(second_version(clinic, document), by=clinic.author)
    first.refresh_from_db()
    today = timezone.localdate()
    assert (first.state, first.ended_on) == (State.SUPERSEDED, today)
    assert first.keep_until == today.replace(year=today.year + 3)
    event = audit.history(first, limit=1)[0]
    assert event.verb == "supersede"
    assert event.note == f"Version 2 is in force since {today.isoformat()}."
    document.refresh_from_db()
    assert document.current == second


def test_a_draft_or_a_version_in_review_does_not_take_effect(clinic: Clinic, document: Document) -> None:
    version = draft(document, by=clinic.author)
    with pytest.raises(RuleBroken, match="not possible now"):
        services.put_in_force(version, by=clinic.author)


def test_a_planned_day_lies_ahead_and_comes_by_the_clock(clinic: Clinic, document: Document) -> None:
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    today = timezone.localdate()
    for day in (today, today - dt.timedelta(days=1), None):
        with pytest.raises(RuleBroken, match="Choose a day after today") as refused:
            services.plan(version, by=clinic.author, effective_on=day)
        assert refused.value.field == "effective_on"
    day = today + dt.timedelta(days=5)
    version = services.plan(version, by=clinic.author, effective_on=day)
    assert version.state == State.APPROVED
    assert services.bring_into_force(on=day - dt.timedelta(days=1)) == 0
    # A night without jobs loses nothing: it comes into force on the first day that they run.
    assert services.bring_into_force(on=day + dt.timedelta(days=1)) == 1
    version.refresh_from_db()
    assert (version.state, version.effective_on) == (State.EFFECTIVE, day + dt.timedelta(days=1))
    assert audit.history(version, limit=1)[0].actor == ""
    assert services.bring_into_force(on=day + dt.timedelta(days=2)) == 0
    assert verification.verify().intact


def test_the_job_asks_for_today(clinic: Clinic, document: Document) -> None:
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    DocumentVersion.objects.filter(pk=version.pk).update(effective_on=timezone.localdate())
    jobs.take_effect()
    version.refresh_from_db()
    assert version.state == State.EFFECTIVE


def test_nothing_takes_effect_before_enough_have_read_it(clinic: Clinic) -> None:
    document = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        readers_units=[clinic.world.north],
        readers_share=50,
    )
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    # The manager of the north belongs to its unit too: three are asked.
    asked = version.acknowledgements.all()
    assert {a.person.name for a in asked} == {"Rita Reader", "Otto Other", "Nora North"}
    with pytest.raises(RuleBroken, match="50% of its readers have read it: 0 of 3 have, 2 more are needed"):
        services.put_in_force(version, by=clinic.author)
    DocumentVersion.objects.filter(pk=version.pk).update(effective_on=timezone.localdate())
    assert services.bring_into_force(on=timezone.localdate()) == 0
    services.acknowledge(asked.get(person=clinic.reader), by=clinic.reader)
    with pytest.raises(RuleBroken, match="1 more is needed"):
        services.put_in_force(version, by=clinic.author)
    services.acknowledge(asked.get(person=clinic.other), by=clinic.other)
    assert services.bring_into_force(on=timezone.localdate()) == 1


def test_a_share_of_nobody_is_refused(clinic: Clinic) -> None:
    with pytest.raises(RuleBroken, match="a share of nobody"):
        make_document(clinic.author, clinic.world.root, readers_share=80)
    empty = make_document(
        clinic.author,
        clinic.world.root,
        approvers=[clinic.boss],
        readers_positions=[clinic.position],
        readers_share=80,
    )
    version = approved(empty, by=clinic.author, approved_by=[clinic.boss])
    with pytest.raises(RuleBroken, match="Nobody is among its readers"):
        services.put_in_force(version, by=clinic.author)


def test_content_changed_after_the_approval_does_not_take_effect(clinic: Clinic, document: Document) -> None:
    version = approved(document, by=clinic.author, approved_by=[clinic.boss])
    DocumentVersion.objects.filter(pk=version.pk).update(text="Other", effective_on=timezone.localdate())
    with pytest.raises(RuleBroken, match="no longer what was approved"):
        services.put_in_force(version, by=clinic.author)
    assert services.bring_into_force(on=timezone.localdate()) == 0


def test_upper_parts_hear_of_it_by_either_way(
    clinic: Clinic, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    listening = {
        **reactions._reactions,
        "documents.documentversion": [lambda v, verb: heard.append((v.number, verb))],
    }
    monkeypatch.setattr(reactions, "_reactions", listening)
    in_force(document, by=clinic.author, approved_by=[clinic.boss])
    planned = second_version(clinic, document)
    services.plan(planned, by=clinic.author, effective_on=timezone.localdate() + dt.timedelta(days=1))
    services.bring_into_force(on=timezone.localdate() + dt.timedelta(days=1))
    assert [one for one in heard if one[1] == "put_in_force"] == [(1, "put_in_force"), (2, "put_in_force")]


def test_what_was_in_force_on_a_day(clinic: Clinic, document: Document) -> None:
    first = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    january, march = dt.date(2026, 1, 10), dt.date(2026, 3, 1)
    DocumentVersion.objects.filter(pk=first.pk).update(effective_on=january)
    services.bring_into_force(on=timezone.localdate())
    second = services.put_in_force(second_version(clinic, document), by=clinic.author)
    DocumentVersion.objects.filter(pk=first.pk).update(ended_on=march)
    DocumentVersion.objects.filter(pk=second.pk).update(effective_on=march)
    held = [
        selectors.version_in_force_on(document, day)
        for day in (january - dt.timedelta(days=1), january, march - dt.timedelta(days=1), march)
    ]
    assert held == [None, first, first, second]


def test_a_discarded_draft_never_held(clinic: Clinic, document: Document) -> None:
    services.discard(draft(document, by=clinic.author), by=clinic.author, note="No")
    assert selectors.version_in_force_on(document, timezone.localdate()) is None


def test_retiring_ends_all_of_it(clinic: Clinic) -> None:
    document = make_document(
        clinic.author, clinic.world.root, approvers=[clinic.boss], readers_units=[clinic.world.north]
    )
    first = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    second = second_version(clinic, document)
    document.refresh_from_db()
    document = services.retire(document, by=clinic.author, note="No longer done")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (document.state, document.current) == (Document.State.RETIRED, None)
    assert (first.state, second.state) == (State.RETIRED, State.RETIRED)
    assert (first.ended_on, second.ended_on) == (timezone.localdate(), None)
    assert not first.acknowledgements.filter(state=Acknowledgement.State.ASKED).exists()
    with pytest.raises(RuleBroken, match="gets no new versions"):
        draft(document, by=clinic.author)


def test_broken_links_are_found(clinic: Clinic) -> None:
    found = {gap.key: gap for gap in gaps() if gap.key.startswith("documents.")}

    def broken(key: str) -> list[Document]:
        return list(found[f"documents.{key}"].broken(Document.objects.all()))

    document = make_document(
        clinic.author, clinic.world.root, approvers=[clinic.boss], readers_units=[clinic.world.north]
    )
    assert broken("nothing_in_force") == [document]
    version = in_force(document, by=clinic.author, approved_by=[clinic.boss])
    assert [broken(key) for key in ("nothing_in_force", "unread", "review_overdue", "owner_gone")] == [[]] * 4
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    version.acknowledgements.update(due=yesterday)
    Document.objects.update(review_due=yesterday)
    type(clinic.author).objects.filter(pk=clinic.author.pk).update(is_active=False)
    assert [broken(key) for key in ("unread", "review_overdue", "owner_gone")] == [[document]] * 3
    for gap in found.values():
        document.refresh_from_db()
        assert gap.mend is None or gap.mend(document).url.startswith("/")
