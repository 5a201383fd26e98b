"""What the sample promises: its policy approved by a second person and read by some, and what it wants to reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from calidez.documents import services as documents
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row
from calidez.monitoring.models import Indicator
from calidez.objectives.models import Milestone, Objective
from calidez.objectives.services import activate
from calidez.people.models import Unit, User
from calidez.policy.models import Commitment, Policy
from calidez.policy.services import submit
from calidez.samples.emergency.promises import POLICY
from calidez.samples.models import PackEntry
from calidez.standards.models import QualityDimension, Standard

SAMPLE, DATASET = "emergency-sample", "attendances"

STARTS, HALFWAY, DUE = dt.date(2018, 4, 1), dt.date(2018, 9, 30), dt.date(2019, 3, 31)
MEASURED_FROM, MEASURED_UNTIL = dt.date(2017, 4, 1), dt.date(2018, 3, 31)
# The share within four hours in that year, of all departments and of those of type 1, counted from the shipped file.
BASELINES, HALF, TARGETS = (88.34, 82.36), (89.0, 83.5), (90.0, 85.0)


def standard_made() -> Standard | None:
    """The standard of an earlier run."""
    entry = PackEntry._default_manager.filter(pack=SAMPLE, section="standards").first()
    return Standard.objects.filter(uid=entry.record).first() if entry is not None else None


def remember(standard: Standard, *, unit: Unit) -> None:
    PackEntry._default_manager.create(
        pack=SAMPLE, unit=unit, section="standards", key=DATASET, record=standard.uid
    )


def promises(manager: User, *, approver: User, unit: Unit, language: str) -> Sequence[Commitment]:
    """The policy with its commitments, still a draft."""
    words = POLICY[language]
    policy = _create(
        Policy,
        manager,
        title=words["title"],
        introduction=words["introduction"],
        language=language,
        owner=manager,
        unit=unit,
    )
    procedure = _procedure(manager, approver, unit, words)
    made = []
    for place, said in enumerate(words["commitments"]):
        # The last one has nothing behind it yet: so the page of broken links has something to show.
        kept_by = [procedure] if place < len(words["objectives"]) else []
        made.append(_create(Commitment, manager, policy=policy, owner=manager, documents=kept_by, **said))
    return made


def _procedure(manager: User, approver: User, unit: Unit, words: dict[str, Any]) -> Document:
    """How the promises are kept, approved by the second person and in force."""
    version = documents.write_out(
        None,
        kind=Document.Kind.PROCEDURE,
        title=words["procedure"],
        text=words["procedure_text"],
        unit=unit,
        owner=manager,
        by=manager,
    )
    issued = documents.issue(version, by=approver, approved_by=approver, effective_on=timezone.localdate())
    return issued.document


def bring_into_force(policy: Policy, *, by: User, approver: User, readers: Unit | None) -> None:
    """Approved as a document by somebody who wrote no word of it; from then on its readers are asked."""
    submitted = submit(
        policy,
        by=by,
        approvers=[approver],
        readers_units=[readers] if readers is not None else [],
        readers_positions=[],
    )
    version = DocumentVersion.objects.get(document=submitted.document)
    approved = documents.approve(version, by=approver)
    documents.put_in_force(approved, by=approver)


def confirm_reading(people: Iterable[User]) -> None:
    """Some have read it, the others are still asked."""
    for person in people:
        for asked in Acknowledgement.objects.filter(person=person, state=Acknowledgement.State.ASKED):
            documents.acknowledge(asked, by=person)


def details_of_standard(language: str, commitment: Commitment) -> dict[str, Any]:
    words = POLICY[language]
    return {
        "commitment": commitment,
        "dimension": QualityDimension.objects.filter(key="servqual-responsiveness").first(),
        "case_limit": 4.0,
        "case_measured_in": words["hours"],
        "unacceptable": 75.0,
        "reaction": words["unacceptable"],
        "sampling": words["sampling"],
        "frequency": "month",
        "remedy": words["remedy"],
    }


def objectives(manager: User, standard: Standard, *, language: str) -> None:
    """One for each of the two shares within four hours, over a year that the file holds."""
    shares = Indicator.objects.filter(standard=standard).order_by("pk")
    policy = standard.commitment.policy if standard.commitment is not None else None
    commitments = Commitment.objects.filter(policy=policy).order_by("place", "pk")
    told = zip(POLICY[language]["objectives"], commitments, shares, BASELINES, HALF, TARGETS, strict=False)
    for words, commitment, indicator, baseline, half, target in told:
        objective = _create(
            Objective,
            manager,
            commitment=commitment,
            indicator=indicator,
            unit=indicator.unit,
            owner=manager,
            target=target,
            baseline=baseline,
            baseline_from=MEASURED_FROM,
            baseline_until=MEASURED_UNTIL,
            starts=STARTS,
            due=DUE,
            child_rows={f"rows_{Milestone._meta.model_name}": [Row({"on": HALFWAY, "value": half})]},
            **words,
        )
        activate(objective, by=manager)


def _create(model: Any, by: User, **values: Any) -> Any:
    creation = catalog.of(model).creation
    assert creation is not None
    return creation(by=by, **values)
