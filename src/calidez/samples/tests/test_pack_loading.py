"""Loading a pack makes records by the parts' own operations, once; what people changed since stays."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.core.events import AuditEvent
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.monitoring.models import Dataset, Indicator
from calidez.monitoring.services import import_file
from calidez.objectives.models import Objective
from calidez.people.models import Grant, Role, Unit, User
from calidez.policy import selectors
from calidez.policy.measures import measures_of
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules.checking import Answer, Problem
from calidez.samples.models import PackEntry
from calidez.samples.packs import shelf
from calidez.samples.packs.document import PackRefused
from calidez.samples.packs.loading import SECTIONS, Outcome, load_pack, may_load
from calidez.samples.packs.making import months_after
from calidez.samples.packs.shelf import read_pack
from calidez.samples.services import FILE
from calidez.standards.models import Standard

pytestmark = pytest.mark.django_db
LANGUAGES = ("es", "en")
# By day in one language each, by turns; at night in both.
TRIED = [
    pytest.param(key, language, marks=() if (place + turn) % 2 == 0 else pytest.mark.nightly)
    for place, key in enumerate(shelf.keys())
    for turn, language in enumerate(LANGUAGES)
]


def counts() -> tuple[int, ...]:
    models = (Policy, Commitment, Dataset, Standard, Indicator, Objective)
    return tuple(model.objects.count() for model in models)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "language"), TRIED)
def test_every_pack_loads_in_every_language(ana: User, key: str, language: str) -> None:
    pack = shelf.pack_called(key)
    done = load_pack(pack, by=ana, unit=ana.unit, language=language)
    assert not done.of(Outcome.LEFT_OUT)
    assert counts() == tuple(pack.counts[section] for section in SECTIONS)
    policy = Policy.objects.get()
    assert (policy.language, policy.title) == (language, pack.entries("policy", language)[0]["title"])
    # The check of the policy finds nothing but that no document says yet how each promise is kept.
    commitments = selectors.commitments_of(policy, ana)
    measures = measures_of(commitments, ana)
    promised = [selectors.promise_of(one, language, measures[one.pk]) for one in commitments]
    found = selectors.check(policy, promised)
    assert found.contradictions == ()
    assert {one.clear.answer for one in found.commitments} == {Answer.YES}
    assert {f.problem for one in found.commitments for f in one.operable.findings} == {Problem.NO_DOCUMENT}
    assert all(measures[one.pk] for one in commitments)


def test_what_comes_is_linked_and_still_a_draft(ana: User) -> None:
    load_pack(shelf.pack_called("hotel"), by=ana, unit=ana.unit, language="es")
    standard = Standard.objects.get(title="Llave en diez minutos")
    assert (standard.state, standard.owner, standard.unit) == ("draft", ana, ana.unit)
    assert standard.commitment is not None
    assert standard.commitment.statement.startswith("Usted tiene su llave")
    assert standard.dimension is not None
    assert standard.dimension.key == "servqual-responsiveness"
    assert (standard.case_limit, standard.case_direction, standard.case_measured_in) == (10, "at_most", "min")
    assert [row.kind for row in standard.basis.order_by("pk")] == ["need", "norm"]
    assert "Hotel" in standard.basis.order_by("pk")[0].reference
    indicator = standard.indicators.get()
    assert indicator.versions.count() == 1
    assert Dataset.objects.get(code="stays").schema["columns"][0]["source"] == "salida"
    assert Policy.objects.get().state == "draft"
    objective = Objective.objects.get(title="Subir la nota de limpieza a 4,6")
    assert objective.state == "draft"
    assert objective.indicator is not None
    assert objective.commitment is not None
    assert objective.due == months_after(objective.starts, 12)
    assert AuditEvent.objects.filter(verb="create", subject="standards.standard").count() == 10


def test_loading_again_changes_nothing(ana: User) -> None:
    pack = shelf.pack_called("bank")
    load_pack(pack, by=ana, unit=ana.unit, language="es")
    standard = Standard.objects.order_by("pk").first()
    assert standard is not None
    edition = catalog.of(Standard).edition
    assert edition is not None
    edition(standard, by=ana, title="As we call it", target=70, unacceptable=50)
    before, events = counts(), AuditEvent.objects.count()
    done = load_pack(pack, by=ana, unit=ana.unit, language="en")
    assert not done.of(Outcome.CREATED)
    assert (counts(), AuditEvent.objects.count()) == (before, events)
    standard.refresh_from_db()
    assert (standard.title, standard.target) == ("As we call it", 70)


def test_what_a_newer_pack_adds_is_added(ana: User) -> None:
    newer = shelf.pack_called("restaurant")
    first = newer.text.split("  - key: satisfaction\n    title:")[0] + "\n"
    older = read_pack(first, "restaurant.yaml")
    assert older.counts["standards"] == newer.counts["standards"] - 1
    load_pack(older, by=ana, unit=ana.unit, language="en")
    done = load_pack(newer, by=ana, unit=ana.unit, language="en")
    assert done.count("standards") == 1
    assert done.count("indicators") == newer.counts["indicators"]
    assert done.count("commitments", Outcome.THERE) == newer.counts["commitments"]
    assert Indicator.objects.get(name="Satisfaction of guests").standard is not None


@pytest.mark.slow
def test_two_units_each_have_their_own(ana: User) -> None:
    creation = catalog.of(Unit).creation
    assert creation is not None
    north = creation(by=ana, code="N", name="North", kind=Unit.Kind.BRANCH, parent=ana.unit)
    pack = shelf.pack_called("hotel")
    load_pack(pack, by=ana, unit=north, language="es")
    done = load_pack(pack, by=ana, unit=ana.unit, language="es")
    assert done.count("standards") == 10
    assert set(Dataset.objects.filter(unit=ana.unit).values_list("code", flat=True)) == {
        "stays_2",
        "guest_requests_2",
        "room_checks_2",
    }


@pytest.mark.slow
def test_a_dataset_that_has_the_columns_is_used(ana: User) -> None:
    """Two packs, or a pack and a file loaded before, share what they both need."""
    load_pack(shelf.pack_called("clinic"), by=ana, unit=ana.unit, language="es")
    again = read_pack(shelf.pack_called("clinic").text.replace("pack: clinic", "pack: ward"), "ward.yaml")
    done = load_pack(again, by=ana, unit=ana.unit, language="es")
    assert done.count("datasets", Outcome.THERE) == 3
    other = (
        shelf.pack_called("clinic")
        .text.replace("pack: clinic", "pack: other")
        .replace("breaches", "overstays")
    )
    done = load_pack(read_pack(other, "other.yaml"), by=ana, unit=ana.unit, language="es")
    assert done.count("datasets") == 1
    assert Dataset.objects.filter(code="attendances_2").exists()


@pytest.mark.slow
def test_a_file_like_the_sample_loads_into_the_clinic(ana: User, tmp_path: Path) -> None:
    """As the dataset was declared, without saying anew what its columns mean."""
    unit = catalog.of(Unit).creation
    assert unit is not None
    unit(by=ana, code="RF4", name="Hospital", kind=Unit.Kind.BRANCH, parent=ana.unit)
    load_pack(shelf.pack_called("clinic"), by=ana, unit=ana.unit, language="es")
    with gzip.open(FILE, "rt", encoding="utf-8") as shipped:
        head, *rows = shipped.read().splitlines()
    mine = [row for row in rows if ",RF4," in row][:6]
    file = tmp_path / "ae_attendances.csv"
    file.write_text("\n".join((head, *mine)) + "\n", encoding="utf-8")
    done = import_file(file, dataset="attendances", by=ana)
    assert (done.report["rows_loaded"], done.report["rows_rejected"]) == (6, 0)


def test_who_may_not_create_all_of_it_loads_nothing(ana: User) -> None:
    creation, grant = catalog.of(User).creation, catalog.of(Grant).creation
    assert creation is not None
    assert grant is not None
    inspector = creation(by=ana, email="i@example.org", name="Iris", unit=ana.unit, language="es")
    grant(by=ana, user=inspector, role=Role.objects.get(code="inspector"), unit=ana.unit)
    assert not may_load(inspector)
    with pytest.raises(NotAllowed, match="standards"):
        load_pack(shelf.pack_called("hotel"), by=inspector, unit=ana.unit, language="en")
    assert counts() == (0,) * 6


def test_a_refusal_of_a_part_names_its_entry_and_undoes_all(ana: User) -> None:
    text = shelf.pack_called("hotel").text.replace("unacceptable: 20", "unacceptable: 60")
    with pytest.raises(PackRefused, match=r"hotel.yaml, line \d+, standards › recommendation.*unacceptable"):
        load_pack(read_pack(text, "hotel.yaml"), by=ana, unit=ana.unit, language="en")
    assert counts() == (0,) * 6
    assert not PackEntry.objects.exists()
    load_pack(
        shelf.pack_called("hotel"), by=ana, unit=ana.unit, language="en"
    )  # what it left on disk is cleared


def test_a_policy_in_force_keeps_its_words(ana: User) -> None:
    newer = shelf.pack_called("hotel")
    cut = newer.text.index("    - key: complaints\n      statement")
    older = read_pack(
        newer.text[:cut]
        + newer.text[newer.text.index("\ndatasets:") :].replace("    commitment: complaints\n", ""),
        "h",
    )
    load_pack(older, by=ana, unit=ana.unit, language="en")
    Policy.objects.update(state="in_force", in_force_from="2026-01-01")
    done = load_pack(newer, by=ana, unit=ana.unit, language="en")
    assert [line.key for line in done.of(Outcome.LEFT_OUT)] == ["complaints"]
    assert "revise it" in done.of(Outcome.LEFT_OUT)[0].why


def test_an_unknown_pack_is_answered_with_those_there_are() -> None:
    with pytest.raises(RuleBroken, match="hotel"):
        shelf.pack_called("circus")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-11-24", 12, "2027-11-24"), ("2024-02-29", 12, "2025-02-28")],
)
def test_months_end_with_the_month(day: str, months: int, later: str) -> None:
    import datetime as dt

    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)
