"""Service charters: what of a policy is published, what proves it, and every version that the public could read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.documents.models import DocumentVersion
from calidez.kit.core import fields
from calidez.kit.core.editions import Edition
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.objectives.models import Objective
from calidez.people import languages
from calidez.people.models import Unit
from calidez.policy.models import Commitment, Policy
from calidez.standards.models import Standard

address_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and single hyphens only, such as north-clinic.")
)


class Charter(Record):
    """A public page for one policy and one unit; what stands on it is decided here, what was published stays."""

    class State(fields.States):
        DRAFT = "draft", _("Draft"), Tone.QUIET
        PUBLISHED = "published", pgettext_lazy("charter", "Published"), Tone.GOOD
        WITHDRAWN = "withdrawn", pgettext_lazy("charter", "Withdrawn"), Tone.QUIET

    code = fields.code()
    title = models.CharField(_("title"), max_length=200, help_text=_("For example: What you can count on."))
    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="charters"
    )
    unit = fields.place(
        Unit,
        _("Whose charter it is: results are those of this unit with all below it."),
        related_name="charters",
    )
    language = models.CharField(
        _("language"), max_length=10, choices=languages.choices, default=languages.usual
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("For customers. Markdown: **bold**, lists with -.")
    )
    complain = models.TextField(
        _("how to complain"), help_text=_("What a customer does, and what happens then.")
    )
    mail = models.EmailField(_("e-mail for complaints"), blank=True)
    phone = models.CharField(_("telephone for complaints"), max_length=40, blank=True)
    postal = models.TextField(_("address for complaints"), blank=True)
    answer_within = models.CharField(
        _("answered within"), max_length=100, blank=True, help_text=_("For example: five working days.")
    )
    slug = models.CharField(
        _("last part of the address"),
        max_length=60,
        blank=True,
        validators=[address_validator],
        help_text=_("Leave empty for a random one. It cannot change once the charter was published."),
    )
    listed = models.BooleanField(
        _("search engines may show it"), default=False, help_text=_("Else only who has the address finds it.")
    )
    state = fields.state(State)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    # By it is known whether the policy has changed since.
    edition = fields.reference(DocumentVersion, _("edition of the policy"), asked=False)
    stale_from = models.DateField(_("results too old from"), null=True, editable=False)

    class Meta:
        verbose_name = _("service charter")
        verbose_name_plural = _("service charters")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="charter_address_once",
                violation_error_message=_("Another charter already has this address."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_on__isnull=False),
                name="charter_published_on_a_day",
                violation_error_message=_("A published charter says since when."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CharterItem(models.Model):
    """One commitment of the charter, with what proves it and whether the result is published."""

    class Result(models.TextChoices):
        NONE = "none", _("do not publish a result")
        PUBLISH = "publish", _("publish the last result")
        EVEN_WITHOUT = "even_without", _("publish it, or say that there are not enough data")

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="items")
    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, default=Result.NONE)
    standard = fields.reference(Standard, _("proved by the standard"), optional=True)
    objective = fields.reference(Objective, _("or by the objective"), optional=True)
    place = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("commitment of the charter")
        verbose_name_plural = _("commitments of the charter")
        ordering = ("place", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "commitment"],
                name="charter_commitment_once",
                violation_error_message=_("This commitment already stands in the charter."),
            )
        ]

    def __str__(self) -> str:
        return str(self.commitment)

    def clean(self) -> None:
        if self.commitment_id is None:
            return
        if self.commitment.policy_id != self.charter.policy_id:
            raise ValidationError(
                {"commitment": _("This commitment belongs to another policy than the charter's.")}
            )
        if self.standard_id is not None and self.objective_id is not None:
            raise ValidationError({"objective": _("Choose a standard or an objective, not both.")})
        if self.result != self.Result.NONE and self.standard_id is None and self.objective_id is None:
            raise ValidationError(
                {"standard": _("Choose the standard or the objective whose result is published.")}
            )


class CharterVersion(Edition):
    """What the public could read from a moment on."""

    record = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=64)
