"""What a charter would say now, as plain values to freeze, and what keeps it from being published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from calidez.charter import rules
from calidez.charter.models import Charter, CharterItem
from calidez.charter.rules import Measured, Said
from calidez.documents.models import DocumentVersion
from calidez.documents.selectors import open_version
from calidez.kit.core import editions
from calidez.kit.platform.formats import day
from calidez.monitoring.measuring.periods import last_day, previous_start
from calidez.monitoring.models import Indicator
from calidez.objectives.figures import points_of
from calidez.objectives.sentences import target_sentence as objective_target
from calidez.people.models import Unit
from calidez.policy.models import ENDED_STATES, Policy
from calidez.standards.models import Standard, StandardVersion
from calidez.standards.sentences import target_sentence

Content = dict[str, Any]


@dataclass(frozen=True)
class Composed:
    """`content` is what would be frozen; each of `problems` is a sentence that says what to do first."""

    content: Content
    problems: tuple[str, ...]
    stale_from: dt.date | None


def compose(charter: Charter, *, on: dt.date | None = None) -> Composed:
    """The sentences of the content are in the charter's language, those of the problems in the reader's."""
    today = on or timezone.localdate()
    items = list(
        charter.items.select_related(
            "commitment", "standard__unit", "objective__indicator", "objective__unit"
        )
    )
    problems = [*_of_policy(charter), *_of_words(charter, items)]
    commitments, stale = [], []
    promised = [item.standard for item in items if item.standard is not None and item.standard.is_promised]
    held = editions.in_force_on(StandardVersion, promised, today)
    for item in items:
        said, wrong, old_from = _item(charter, item, held.get(item.standard_id or 0), today)
        commitments.append(said)
        problems.extend(wrong)
        stale.extend(old_from)
    content = {
        "title": charter.title,
        "unit": charter.unit.name,
        "language": charter.language,
        "listed": charter.listed,
        "introduction": charter.introduction,
        "policy": charter.policy.title,
        "complain": {
            "text": charter.complain,
            "mail": charter.mail,
            "phone": charter.phone,
            "postal": charter.postal,
            "within": charter.answer_within,
        },
        "commitments": commitments,
    }
    return Composed(content, tuple(problems), min(stale, default=None))


def _of_policy(charter: Charter) -> Iterator[str]:
    policy = charter.policy
    if policy.state == Policy.State.REVISING:
        yield _("“%(policy)s” is being revised: publish once its new edition is in force.") % {
            "policy": policy
        }
    elif policy.state != Policy.State.IN_FORCE:
        yield _why_not_in_force(policy)


def _why_not_in_force(policy: Policy) -> str:
    """Each state has its own reason, and its own thing to do."""
    version = open_version(policy.document) if policy.document is not None else None
    named = {"policy": policy, "version": version}
    if policy.state in ENDED_STATES:
        return _("“%(policy)s” is no longer in force: choose the policy that holds now.") % named
    if version is None or policy.state != Policy.State.IN_REVIEW:
        return _("“%(policy)s” is not in force: nobody has approved what would be published.") % named
    if version.state != DocumentVersion.State.APPROVED:
        return _("“%(policy)s” is not in force: it waits for those who are to approve it.") % named
    if version.effective_on is not None and version.effective_on > timezone.localdate():
        return _("“%(policy)s” is approved and not in force yet: it takes effect on %(day)s.") % {
            **named,
            "day": day(version.effective_on),
        }
    return _("“%(policy)s” is approved and not in force yet: put “%(version)s” in force first.") % named


def _of_words(charter: Charter, items: list[CharterItem]) -> Iterator[str]:
    if not items:
        yield _("Choose at least one commitment.")
    if not (charter.mail or charter.phone or charter.postal):
        yield _("Say where to complain: an e-mail, a telephone or an address.")
    for item in items:
        if item.commitment.state != item.commitment.State.STANDING:
            yield _("“%(commitment)s” has left the policy: take it off the charter.") % {
                "commitment": item.commitment
            }


def _item(
    charter: Charter, item: CharterItem, held: StandardVersion | None, today: dt.date
) -> tuple[Content, list[str], list[dt.date]]:
    """`held` is the version of its standard that is in force today."""
    commitment, chosen = item.commitment, item.result != CharterItem.Result.NONE
    measures: list[Content] = []
    problems: list[str] = []
    stale: list[dt.date] = []
    if item.standard is not None and held is None:
        problems.append(
            _("The standard “%(standard)s” is not in force, so it proves nothing.")
            % {"standard": item.standard}
        )
    indicators = _indicators(item)
    if chosen and not indicators:
        problems.append(
            _("Nothing measures “%(commitment)s”: publish it without a result, or choose what proves it.")
            % {"commitment": commitment}
        )
    for indicator in indicators:
        newest = rules.newest_whole(_periods(charter, indicator), on=today) if chosen else None
        said = rules.what_to_say(newest, chosen=chosen)
        if said == Said.NOTHING and item.result == CharterItem.Result.PUBLISH:
            problems.append(
                _(
                    "“%(indicator)s” has no data for %(unit)s: publish the commitment without its result, "
                    "or say on the charter that there are not enough data."
                )
                % {"indicator": indicator, "unit": charter.unit}
            )
        if newest is not None:
            stale.append(_stale_from(newest, indicator))
        measures.append(_measure(charter, item, held, indicator, said, newest))
    content = {
        "code": commitment.code,
        "statement": commitment.statement,
        "for_whom": commitment.for_whom,
        "remedy": commitment.remedy,
        "measures": measures,
    }
    return content, problems, stale


def _indicators(item: CharterItem) -> list[Indicator]:
    if item.objective is not None:
        return [item.objective.indicator] if item.objective.indicator is not None else []
    if item.standard is None:
        return []
    active = item.standard.indicators.filter(state=Indicator.State.ACTIVE)
    return list(active.select_related("unit").order_by("code"))


def _place(charter: Charter, indicator: Indicator) -> Unit:
    """The charter's unit where the indicator is measured there, else the indicator's own."""
    inside = charter.unit.path.startswith(indicator.unit.path)
    return charter.unit if inside else indicator.unit


def _periods(charter: Charter, indicator: Indicator) -> list[Measured]:
    points = points_of(indicator, _place(charter, indicator))
    return [Measured(p.start, p.end, p.value, p.n, p.low, p.high) for p in points]


def _stale_from(newest: Measured, indicator: Indicator) -> dt.date:
    """The day after two further periods have passed."""
    following = newest.end + dt.timedelta(days=1)
    last = previous_start(following, indicator.period, -(rules.STALE_PERIODS - 1))
    return last_day(last, indicator.period) + dt.timedelta(days=1)


def _measure(
    charter: Charter,
    item: CharterItem,
    held: StandardVersion | None,
    indicator: Indicator,
    said: Said,
    newest: Measured | None,
) -> Content:
    """The figures of a result that is not said are not frozen either: nothing can leak that is not there."""
    with translation.override(charter.language):
        target, value, at_least = _target(item, held)
    found: Content = {
        "name": indicator.name,
        "definition": indicator.description,
        "target": target,
        "unit": _place(charter, indicator).name,
        "said": str(said),
    }
    if said != Said.RESULT or newest is None:
        return found
    return {
        **found,
        "target_value": value,
        "at_least": at_least,
        "value": _plain(newest.value),
        "low": _plain(newest.low),
        "high": _plain(newest.high),
        "n": newest.n,
        "start": newest.start.isoformat(),
        "period": indicator.period,
        "measured_in": indicator.measured_in,
    }


def _target(item: CharterItem, held: StandardVersion | None) -> tuple[str, float | None, bool]:
    if item.objective is not None:
        return objective_target(item.objective), item.objective.target, item.objective.at_least
    if held is None:
        return "", None, True
    return target_sentence(held), held.target, held.direction == Standard.Direction.AT_LEAST


def _plain(value: float | None) -> float | None:
    """As many digits as anybody reads, so that equal results are equal on every machine."""
    return None if value is None else float(f"{value:.8g}")
