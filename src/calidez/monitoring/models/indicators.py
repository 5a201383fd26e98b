"""What is counted over which facts, and each definition that was ever in force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.monitoring.models.facts import Dataset
from calidez.people.models import Unit, User
from calidez.standards.models import Standard


class Indicator(Record):
    """What is counted, over which facts, and in which direction it is better."""

    class State(fields.States):
        ACTIVE = "active", _("Active"), Tone.GOOD
        RETIRED = "retired", pgettext_lazy("standard or indicator", "Retired"), Tone.QUIET

    class Measure(models.TextChoices):
        PROPORTION = "proportion", _("Share of cases that meet a condition")
        COUNTED = "counted", _("Share, from rows that already hold counts")
        MEAN = "mean", _("Mean of a value")
        PERCENTILE = "percentile", _("Percentile of a value")
        COUNT = "count", _("Number of cases")
        SUM = "sum", _("Sum of a value")
        RATE = "rate", _("Rate of events per exposure")
        RATIO = "ratio", _("Ratio of two sums")
        NPS = "nps", _("Net promoter score (0–10)")

    class Period(models.TextChoices):
        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    class Better(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")
        NONE = "none", _("Neither: it is context")

    class Preset(models.TextChoices):
        DEFAULT = "default", _("Beyond the limits, run, two of three")
        NELSON = "nelson", _("Nelson's eight rules")
        WESTERN_ELECTRIC = "western_electric", _("Western Electric")
        NHS = "nhs", _("NHS Making Data Count")
        ANHOEJ = "anhoej", _("Anhøj (runs and crossings)")

    class Adjust(models.TextChoices):
        NONE = "none", _("Nothing")
        WEEKDAY = "weekday", _("The day of the week")
        MONTH = "month", _("The month of the year")
        BOTH = "both", _("The day of the week and the month of the year")

    class Chart(models.TextChoices):
        BY_DATA = "", _("The one that suits the data")
        INDIVIDUALS = "i", _("Individuals")
        P = "p", "p"
        P_PRIME = "p_prime", "p′"
        U = "u", "u"
        U_PRIME = "u_prime", "u′"
        C = "c", "c"
        XBAR_S = "xbar_s", "X̄-S"
        EWMA = "ewma", _("EWMA, for small lasting changes")
        CUSUM = "cusum", _("CUSUM, for small lasting changes")
        RUN = "run", _("Run chart, without limits")

    code = fields.code()
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("definition in words"), blank=True, help_text=_("What counts and what does not.")
    )
    dataset = models.ForeignKey(
        Dataset, verbose_name=_("dataset"), on_delete=models.PROTECT, related_name="indicators"
    )
    standard = fields.reference(Standard, _("proves the standard"), optional=True, related_name="indicators")
    unit = fields.place(
        Unit, _("It is measured for this unit and every unit below."), related_name="indicators"
    )
    owner = fields.owner(User, "", related_name="indicators")
    measure = models.CharField(_("what is measured"), max_length=12, choices=Measure.choices)
    # Expressions of the engine's language, over the dataset's columns.
    numerator = models.CharField(
        _("condition or numerator"),
        max_length=500,
        blank=True,
        help_text=_(
            "For a share, the condition that a good case meets: waiting <= 20. For counts in the rows, the part that meets it."
        ),
    )
    denominator = models.CharField(
        _("denominator"),
        max_length=500,
        blank=True,
        help_text=_("The total of a share from counts, the exposure of a rate, the lower part of a ratio."),
    )
    value = models.CharField(
        _("value"),
        max_length=500,
        blank=True,
        help_text=_("The column or expression that is averaged or summed."),
    )
    quantile = models.FloatField(
        _("percentile"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("For a percentile: 90 for the value that nine in ten cases do not exceed."),
    )
    condition = models.CharField(
        _("only rows where"), max_length=500, blank=True, help_text=_("Leave empty for all rows.")
    )
    period = models.CharField(_("period"), max_length=8, choices=Period.choices, default=Period.MONTH)
    segments = models.CharField(
        _("segments"),
        max_length=200,
        blank=True,
        help_text=_("Columns to look at separately, with commas between them."),
    )
    better = models.CharField(_("better"), max_length=5, choices=Better.choices, default=Better.UP)
    measured_in = models.CharField(
        _("unit of measure"),
        max_length=20,
        blank=True,
        help_text=_(
            "Left empty, it is that of the column. Shares are in per cent by themselves; a count is of what a row is."
        ),
    )
    multiplier = models.FloatField(
        _("shown times"),
        default=1,
        help_text=_("1,000 shows a rate per thousand. Shares are shown in per cent by themselves."),
    )
    preset = models.CharField(
        _("signal rules"), max_length=20, choices=Preset.choices, default=Preset.DEFAULT
    )
    adjust = models.CharField(
        _("limits follow"),
        max_length=8,
        choices=Adjust.choices,
        default=Adjust.NONE,
        help_text=_(
            "What comes back each week or each year is then no surprise. It takes two weeks or years of data, and for the day of the week figures per day."
        ),
    )
    chart = models.CharField(
        _("chart"),
        max_length=8,
        choices=Chart.choices,
        blank=True,
        default=Chart.BY_DATA,
        help_text=_("The data decide which chart suits them; another one is a person's choice."),
    )
    state = fields.state(State)
    measured_at = models.DateTimeField(_("last computed"), null=True, editable=False)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    unrecorded: ClassVar[tuple[str, ...]] = ("measured_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def segment_columns(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.segments.split(",") if name.strip())

    @property
    def is_share(self) -> bool:
        return self.measure in {self.Measure.PROPORTION, self.Measure.COUNTED}


class IndicatorVersion(models.Model):
    """One definition that the indicator had; what was measured under it stays under it."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    # The engine's IndicatorDefinition.to_json() and its fingerprint.
    definition: Any = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    since = models.DateTimeField()
    # By which reading of charts its signals and standings were made: see `charting.READING`.
    read_as = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="monitoring_version_number"),
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(current=True), name="monitoring_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.number}"
