"""The life that most kinds with editions have: written, proposed, put in force by another, revised, retired.

    LIFE = Life(Plan, blocked=lambda plan, by: None if plan.lines.exists() else _("Write at least one line first."))

    class Plans(Entity):
        editions = Editioned(PlanEdition)
        steps, moves = LIFE.steps, LIFE.moves
        edit_states = LIFE.edit_states

A rule of the kind's own runs where a step is taken (`proposing`, `revising`), what follows from it afterwards
(`begun` with the new edition, `ended` with the record).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import editions, fields
from calidez.kit.core.lifecycle import Move
from calidez.kit.core.operations import Blocked, Operation
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day

Rule = Callable[..., None]


def Latest(edition: str) -> Any:  # noqa: N802 - a field, as Django's own are written
    """The newest edition, which holds until the next one is put in force, whatever is being written meanwhile."""
    return models.ForeignKey(edition, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")


class RecordInForce(Record):
    """Base of kinds of record with editions in force; each adds `latest = Latest("part.PlanEdition")`."""

    class State(fields.States):
        DRAFT = "draft", _("Draft"), Tone.QUIET
        PROPOSED = "proposed", _("Proposed")
        IN_FORCE = "in_force", _("In force"), Tone.GOOD
        REVISING = "revising", _("Being revised"), Tone.GOOD
        RETIRED = "retired", pgettext_lazy("standard or indicator", "Retired"), Tone.QUIET

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts = models.DateField(_("in force from"), null=True, blank=True)
    ends = models.DateField(_("in force until"), null=True, blank=True)
    state = fields.state(State)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True)
                | models.Q(ends__isnull=True)
                | models.Q(ends__gte=models.F("starts")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("It cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="in_force") | models.Q(starts__isnull=False),
                name="%(app_label)s_%(class)s_in_force_from_a_day",
                violation_error_message=_("What is in force has a day from which it holds."),
            ),
        ]

    unrecorded: ClassVar[tuple[str, ...]] = ("latest",)

    @property
    def is_promised(self) -> bool:
        """Whether an edition of it holds, or will: also while the next one is being written."""
        return self.latest_id is not None and self.state != self.State.RETIRED  # type: ignore[attr-defined]


State = RecordInForce.State


class Life:
    """The six steps, ready to stand in the declaration; words and fields of one may differ by its name."""

    edit_states = (State.DRAFT, State.REVISING)

    def __init__(
        self,
        model: type[RecordInForce],
        *,
        blocked: Blocked | None = None,
        proposing: Rule | None = None,
        revising: Rule | None = None,
        begun: Rule | None = None,
        ended: Rule | None = None,
        **steps: Mapping[str, Any],
    ) -> None:
        self._blocked, self._proposing, self._revising = blocked, proposing, revising
        self._begun, self._ended = begun, ended

        def step(name: str, body: Rule, source: tuple[State, ...], target: State | None, **usual: Any) -> Any:
            options = {**usual, **steps.get(name, {})}
            return Operation(body, model, name=name, source=source, target=target, **options)

        self.propose: Operation = step(
            "propose",
            self._propose,
            (State.DRAFT, State.REVISING),
            State.PROPOSED,
            label=_("Propose"),
            primary=True,
            icon="send",
            blocked=self.blocked,
            help=_("Another person puts it in force; until then nothing changes."),
        )
        self.put_in_force: Operation = step(
            "put_in_force",
            self._put_in_force,
            (State.PROPOSED,),
            State.IN_FORCE,
            label=_("Put in force"),
            fields=("starts",),
            demands=lambda record: ("starts",),
            primary=True,
            icon="check",
            bulk=False,
            by_another=True,
            blocked=self.blocked,
            after=self._fix,
            help=_("From this date it holds; until the day before, what is in force goes on holding."),
        )
        self.send_back: Operation = step(
            "send_back",
            _send_back,
            (State.PROPOSED,),
            None,
            label=_("Send back"),
            note=True,
            icon="arrow-back-up",
            help=_("It goes back to whoever wrote it, with your reason."),
        )
        self.revise: Operation = step(
            "revise",
            self._revise,
            (State.IN_FORCE,),
            State.REVISING,
            label=_("Revise"),
            icon="edit",
            help=_("The version in force goes on holding until a new one is put in force."),
        )
        self.drop_revision: Operation = step(
            "drop_revision",
            _drop_revision,
            (State.REVISING,),
            State.IN_FORCE,
            label=_("Drop the revision"),
            note=True,
            icon="trash",
            grave=True,
            help=_("What was changed since is lost; it says again what is in force."),
        )
        self.retire: Operation = step(
            "retire",
            self._retire,
            (State.DRAFT, State.PROPOSED, State.IN_FORCE, State.REVISING),
            State.RETIRED,
            label=_("Retire"),
            note=True,
            icon="archive",
            help=_("It no longer holds from tomorrow on; its versions stay."),
        )
        self.steps = (
            self.propose,
            self.put_in_force,
            self.send_back,
            self.revise,
            self.drop_revision,
            self.retire,
        )
        self.moves = (
            Move("send_back", _("Send back"), State.PROPOSED, State.DRAFT, lambda r: r.latest_id is None),
            Move(
                "send_back", _("Send back"), State.PROPOSED, State.REVISING, lambda r: r.latest_id is not None
            ),
        )

    def blocked(self, record: Any, by: Any) -> Any:
        """What no answer in the step's own form could mend."""
        found = self._blocked(record, by) if self._blocked is not None else None
        if not found and record.ends is not None and record.ends < timezone.localdate():
            return _("It ends before today: change “in force until” first.")
        return found

    def _propose(self, record: Any, *, by: Any) -> None:
        if self._proposing is not None:
            self._proposing(record, by=by)
        record.proposed_by = by

    def _put_in_force(self, record: Any, *, by: Any) -> None:
        """Never into the past of an earlier version."""
        if record.starts is None:
            raise RuleBroken(gettext("Say from which date it is in force."), field="starts")
        before = record.latest.starts if record.latest is not None else None
        earliest = editions.earliest_start(before=before, on=timezone.localdate())
        if earliest is not None and record.starts < earliest:
            raise RuleBroken(
                gettext(
                    "A new version never rewrites the past: this one can begin on %(day)s at the earliest."
                )
                % {"day": day(earliest)},
                field="starts",
            )

    def _fix(self, record: Any, *, by: Any) -> None:
        edition = editions.put_in_force(record, by=by)
        if self._begun is not None:
            self._begun(edition, by=by)

    def _revise(self, record: Any, *, by: Any) -> None:
        """The next version begins on a day of its own."""
        record.starts = record.proposed_by = None
        if self._revising is not None:
            self._revising(record, by=by)

    def _retire(self, record: Any, *, by: Any) -> None:
        """What was being written goes; what held ends today, or ended before."""
        if record.latest is None:
            return
        editions.end(record, on=timezone.localdate())
        if record.latest is not None:
            editions.give_back(record)
        if self._ended is not None:
            self._ended(record, by=by)


def _send_back(record: Any, *, by: Any) -> None:
    record.state = State.REVISING if record.latest_id is not None else State.DRAFT


def _drop_revision(record: Any, *, by: Any) -> None:
    editions.give_back(record)
