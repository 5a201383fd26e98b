"""The life of a standard: written, proposed with its reasons, put in force by a second person, revised, retired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.life_in_force import Life
from calidez.kit.platform.errors import RuleBroken
from calidez.standards import demonstrated, rules
from calidez.standards.models import Standard
from calidez.standards.sentences import shown_to_be_possible
from calidez.standards.services import sheet

_SENTENCES = {
    rules.MISSING_TARGET: gettext_lazy(
        "Give the standard a target first: without a number nobody can tell whether it is kept."
    ),
    rules.MISSING_BASIS: gettext_lazy(
        "Say what the standard rests on first: a norm, a need of your customers, or what you are able to do."
    ),
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


def _blocked(standard: Standard, by: Any) -> Any:
    missing = rules.missing_to_promise(target=standard.target, bases=standard.basis.count())
    return _SENTENCES[missing[0]] if missing else None


def _help_to_propose(standard: Standard) -> str:
    found = demonstrated.demonstrated(standard)
    return " ".join(
        (
            _("Another person puts it in force; until then nothing changes."),
            shown_to_be_possible(found, standard),
        )
    )


def _any_answer_if_beyond(standard: Standard) -> Sequence[str] | None:
    """Reason and plan are asked only for more than the figures show; None takes any answer."""
    found = demonstrated.demonstrated(standard)
    return None if found is not None and found.beyond else ()


def _give_reasons(standard: Standard, *, by: Any) -> None:
    """A promise above what the figures show needs a reason and a dated plan; where they say nothing, none."""
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


def _forget_reasons(standard: Standard, *, by: Any) -> None:
    """The next version gives its own."""
    standard.stretch_reason = standard.stretch_plan = ""
    standard.stretch_until = None


LIFE = Life(
    Standard,
    blocked=_blocked,
    proposing=_give_reasons,
    revising=_forget_reasons,
    begun=sheet.publish,
    ended=sheet.withdraw,
    propose={
        "fields": rules.STRETCH,
        "demands": lambda standard: rules.STRETCH,  # where they are asked at all
        "offers": dict.fromkeys(rules.STRETCH, _any_answer_if_beyond),
        "help": _help_to_propose,
    },
    put_in_force={
        "help": gettext_lazy(
            "From this date the standard is a promise, and its indicator is judged by it. "
            "What was measured before stays judged as it was."
        )
    },
    retire={"help": gettext_lazy("The standard no longer holds; what was measured under it stays.")},
)
propose, put_in_force, send_back = LIFE.propose, LIFE.put_in_force, LIFE.send_back
revise, drop_revision, retire = LIFE.revise, LIFE.drop_revision, LIFE.retire
