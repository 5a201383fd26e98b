"""The policy that a company gives its service, and the commitments it is made of."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.documents.models import Document
from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.people import languages
from calidez.people.models import Position, Unit, User


class Policy(Record):
    """What a unit and everything below it promises: an introduction and commitments, over a controlled document.

    Between `in_force_from` and `in_force_until` it is in force, also while its next edition is being written.
    """

    class State(fields.States):
        DRAFT = "draft", _("Draft"), Tone.QUIET
        IN_REVIEW = "in_review", _("In review"), Tone.CONCERN
        IN_FORCE = "in_force", _("In force"), Tone.GOOD
        REVISING = "revising", _("Being revised"), Tone.CONCERN
        SUPERSEDED = "superseded", pgettext_lazy("policy", "Superseded"), Tone.QUIET
        RETIRED = "retired", pgettext_lazy("policy", "Retired"), Tone.QUIET

    code = fields.code()
    title = models.CharField(_("title"), max_length=200, help_text=_("For example: Our service policy."))
    unit = fields.place(Unit, _("It holds in this unit and in every unit below."), related_name="policies")
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages.choices,
        default=languages.usual,
        help_text=_("The language that the policy is written in; the check reads it in this language."),
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_(
            "Why you make these promises and to whom, in a few sentences. Markdown: **bold**, lists with -."
        ),
    )
    owner = fields.owner(User, _("Who answers for it and writes it."), related_name="policies")
    approvers: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approvers"),
        related_name="+",
        help_text=_(
            "Who must approve it before it comes into force. Nobody approves what they wrote themselves."
        ),
    )
    readers_units: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        Unit,
        verbose_name=_("units that confirm reading it"),
        blank=True,
        related_name="+",
        help_text=_("Everybody in these units, and in those below, is asked to confirm having read it."),
    )
    readers_positions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        Position,
        verbose_name=_("positions that confirm reading it"),
        blank=True,
        related_name="+",
        help_text=_("Whoever holds one of these positions is asked to confirm having read it."),
    )
    changes = models.TextField(
        _("what changes"),
        blank=True,
        help_text=_("For those who read the edition before. Needed from the second edition on."),
    )
    document = models.OneToOneField(
        Document,
        verbose_name=_("document"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="policy",
    )
    state = fields.state(State, max_length=12)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True, editable=False)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(in_force_from__isnull=False, in_force_until__isnull=True),
                name="policy_one_in_force_per_unit",
                violation_error_message=_(
                    "This unit already has a policy in force: a unit has one, and a new one takes its place."
                ),
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_from__isnull=False, in_force_until__gte=F("in_force_from")),
                name="policy_ends_after_it_begins",
                violation_error_message=_("A policy cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "revising"])
                | Q(in_force_from__isnull=False, in_force_until__isnull=True),
                name="policy_in_force_since",
                violation_error_message=_("A policy in force has a date from which it holds."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its words may be changed now."""
        return self.state in OPEN_STATES

    @property
    def holds(self) -> bool:
        """Whether it is in force, be it by an edition older than what stands here."""
        return self.in_force_from is not None and self.in_force_until is None


OPEN_STATES = (Policy.State.DRAFT, Policy.State.REVISING)
ENDED_STATES = (Policy.State.SUPERSEDED, Policy.State.RETIRED)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def standing(self) -> CommitmentQuerySet:
        """Neither withdrawn themselves nor part of a policy that has ended."""
        return self.filter(state=Commitment.State.STANDING).exclude(policy__state__in=ENDED_STATES)

    def in_force(self) -> CommitmentQuerySet:
        """Those that customers may count on: standing, in a policy in force."""
        return self.standing().filter(
            policy__in_force_from__isnull=False, policy__in_force_until__isnull=True
        )


class Commitment(Record):
    """One promise of a policy, in words that everybody can act on."""

    class State(fields.States):
        STANDING = "standing", _("Part of the policy")
        WITHDRAWN = "withdrawn", pgettext_lazy("commitment", "Withdrawn"), Tone.QUIET

    code = fields.code()
    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="commitments"
    )
    # The policy's own, so that permissions and lists need not look further.
    unit = fields.place(Unit, related_name="commitments", editable=False)
    statement = models.TextField(
        _("what you promise"),
        help_text=_(
            "One sentence that a customer can check, for example: We answer every call within 20 seconds."
        ),
    )
    for_whom = models.CharField(
        _("for whom"), max_length=300, blank=True, help_text=_("Which customers may count on it.")
    )
    why = models.TextField(_("why"), blank=True, help_text=_("What it does for them."))
    remedy = models.TextField(
        _("when it is broken"), blank=True, help_text=_("What the customer gets when you do not keep it.")
    )
    owner = fields.reference(
        User, _("owner"), _("Who answers for keeping it."), optional=True, related_name="commitments"
    )
    process = models.CharField(
        _("process"),
        max_length=200,
        blank=True,
        help_text=_("The work by which it is kept: Answering calls."),
    )
    documents: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        Document,
        verbose_name=_("documents"),
        blank=True,
        related_name="commitments",
        help_text=_("Where it is written how this is done: a procedure, an instruction."),
    )
    place = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The order on the page; 0 puts it last.")
    )
    state = fields.state(State)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = [models.Index(fields=["policy", "place", "id"], name="policy_commitment_place")]

    def __str__(self) -> str:
        return self.statement if len(self.statement) <= 120 else f"{self.statement[:119].rstrip()}…"
