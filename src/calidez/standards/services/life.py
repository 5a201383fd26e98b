"""The life of a standard: written, proposed, put in force by a second person, revised, retired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import operation, transition
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day
from calidez.standards import demonstrated, rules
from calidez.standards.models import Standard
from calidez.standards.services import sheet, versions
from calidez.standards.words import shown_to_be_possible

State = Standard.State
_SENTENCES = {
    rules.MISSING_TARGET: gettext_lazy(
        "Give the standard a target first: without a number nobody can tell whether it is kept."
    ),
    rules.MISSING_BASIS: gettext_lazy(
        "Say what the standard rests on first: a norm, a need of your customers, or what you are able to do."
    ),
    rules.ENDED: gettext_lazy("The standard ends before today: change “in force until” first."),
}
_OF_STRETCH = {
    "stretch_reason": gettext_lazy(
        "The target is above what the figures show to be possible: say why it is promised nevertheless."
    ),
    "stretch_plan": gettext_lazy("Say what is changed so that the target can be kept."),
    "stretch_until": gettext_lazy("Say by which day, after today, the target can be kept."),
}


def check_standard(standard: Standard, *, by: Any) -> None:
    """On create and edit: what the database refuses is said beside its field."""
    if standard.unacceptable is not None and not standard.reaction.strip():
        raise RuleBroken(_("Say which reaction an unacceptable figure requires."), field="reaction")
    if standard.case_limit is not None and not standard.case_measured_in.strip():
        raise RuleBroken(
            _("Say in which unit of measure the limit for one case is."), field="case_measured_in"
        )


def _missing(standard: Standard) -> list[str]:
    return list(
        rules.missing_to_promise(
            target=standard.target,
            bases=standard.basis.count(),
            ends=standard.ends,
            on=timezone.localdate(),
        )
    )


def _obstacle(standard: Standard) -> Any:
    """What no answer in the step's own form could mend."""
    missing = _missing(standard)
    return _SENTENCES[missing[0]] if missing else None


def _refuse_incomplete(standard: Standard) -> None:
    obstacle = _obstacle(standard)
    if obstacle:
        raise RuleBroken(obstacle)


def _help_to_propose(standard: Standard) -> str:
    found = demonstrated.demonstrated(standard)
    return " ".join(
        (
            _("Another person puts it in force; until then nothing changes."),
            shown_to_be_possible(found, standard),
        )
    )


def _by_another(standard: Standard, by: Any) -> bool:
    """Whether it is for this person to put in force what others wrote and proposed."""
    return rules.may_approve(by.pk, proposed_by=standard.proposed_by_id, wrote=()) and rules.may_approve(
        by.uid, proposed_by=None, wrote=versions.authors(standard)
    )


def _any_answer_if_beyond(standard: Standard) -> Sequence[str] | None:
    """Reason and plan are asked only for more than the figures show; None takes any answer."""
    found = demonstrated.demonstrated(standard)
    return None if found is not None and found.beyond else ()


@transition(
    Standard,
    source=[State.DRAFT, State.REVISING],
    target=State.PROPOSED,
    label=gettext_lazy("Propose"),
    fields=list(rules.STRETCH),
    primary=True,
    icon="send",
    obstacle=_obstacle,
    help=_help_to_propose,
    offers=dict.fromkeys(rules.STRETCH, _any_answer_if_beyond),
)
def propose(standard: Standard, *, by: Any) -> None:
    """A promise above what the figures show needs a reason and a dated plan; where they say nothing, none."""
    _refuse_incomplete(standard)
    found = demonstrated.demonstrated(standard)
    lacking = rules.missing_of_stretch(
        reason=standard.stretch_reason,
        plan=standard.stretch_plan,
        until=standard.stretch_until,
        beyond=found is not None and found.beyond is True,
        on=timezone.localdate(),
    )
    if lacking:
        raise RuleBroken(_OF_STRETCH[lacking], field=lacking)
    standard.proposed_by = by


@operation(
    Standard,
    source=[State.PROPOSED],
    label=gettext_lazy("Send back"),
    note=True,
    icon="arrow-back-up",
    help=gettext_lazy("It goes back to whoever wrote it, with your reason."),
)
def send_back(standard: Standard, *, by: Any) -> None:
    standard.state = State.REVISING if standard.latest_id is not None else State.DRAFT


@transition(
    Standard,
    source=[State.PROPOSED],
    target=State.IN_FORCE,
    label=gettext_lazy("Put in force"),
    fields=["starts"],
    primary=True,
    icon="check",
    obstacle=_obstacle,
    help=gettext_lazy(
        "From this date the standard is a promise, and its indicator is judged by it. "
        "What was measured before stays judged as it was."
    ),
    after=lambda standard, *, by: _promised(standard, by=by),
    bulk=False,
    offered=_by_another,
    otherwise=gettext_lazy("by somebody who neither wrote nor proposed it"),
)
def put_in_force(standard: Standard, *, by: Any) -> None:
    """By a second person, and never into the past of an earlier version."""
    _refuse_incomplete(standard)
    if not rules.may_approve(by.pk, proposed_by=standard.proposed_by_id, wrote=()):
        raise RuleBroken(_("You proposed this standard yourself: somebody else has to put it in force."))
    if not rules.may_approve(by.uid, proposed_by=None, wrote=versions.authors(standard)):
        raise RuleBroken(_("You wrote in this standard yourself: somebody else has to put it in force."))
    if standard.starts is None:
        raise RuleBroken(_("Say from which date the standard is in force."), field="starts")
    before = standard.latest
    earliest = rules.earliest_start(
        before=before.starts if before is not None else None, on=timezone.localdate()
    )
    if earliest is not None and standard.starts < earliest:
        raise RuleBroken(
            _(
                "Changing a target never rewrites the past: the new version can begin on %(day)s at the earliest."
            )
            % {"day": day(earliest)},
            field="starts",
        )


def _promised(standard: Standard, *, by: Any) -> None:
    sheet.publish(versions.promise_anew(standard, by=by), by=by)


@transition(
    Standard,
    source=[State.IN_FORCE],
    target=State.REVISING,
    label=gettext_lazy("Revise"),
    icon="edit",
    help=gettext_lazy("The version in force goes on holding until a new one is put in force."),
)
def revise(standard: Standard, *, by: Any) -> None:
    """The next version begins on a day of its own, and gives its own reasons."""
    standard.starts = None
    standard.stretch_reason = standard.stretch_plan = ""
    standard.stretch_until = None
    standard.proposed_by = None


@transition(
    Standard,
    source=[State.REVISING],
    target=State.IN_FORCE,
    label=gettext_lazy("Drop the revision"),
    note=True,
    icon="trash",
    help=gettext_lazy("What was changed since is lost; the standard says again what is in force."),
)
def drop_revision(standard: Standard, *, by: Any) -> None:
    assert standard.latest is not None
    versions.give_back(standard, standard.latest)


@transition(
    Standard,
    source=[State.DRAFT, State.PROPOSED, State.IN_FORCE, State.REVISING],
    target=State.RETIRED,
    label=gettext_lazy("Retire"),
    note=True,
    icon="archive",
    help=gettext_lazy("The standard no longer holds; what was measured under it stays."),
)
def retire(standard: Standard, *, by: Any) -> None:
    """What was being written goes; what was promised ends today, or ended before."""
    if standard.latest is None:
        return
    versions.end(standard, on=timezone.localdate())
    if standard.latest is not None:
        versions.give_back(standard, standard.latest)
    sheet.withdraw(standard, by=by)
