"""Facts, indicators, what they measured, and what stood out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.models import Record
from calidez.people.models import Unit
from calidez.standards.models import Standard


class Dataset(Record):
    """A table of service facts kept by the engine under its code; the rows are never in this database."""

    code = models.CharField(
        _("code"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores, a letter first."))
        ],
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Where it comes from and what a row is.")
    )
    source = models.CharField(
        _("source and licence"),
        max_length=300,
        blank=True,
        help_text=_("Who publishes the data, and under which terms."),
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="datasets")
    # The engine's Schema.to_json(): columns with type, role, unit of measure, date order.
    schema: Any = models.JSONField(_("columns"), default=dict, editable=False)
    # What a file calls a branch, where that is not the unit's code or name: {"St. Mary": "<unit code>"}.
    branch_map: Any = models.JSONField(_("names of units"), default=dict, editable=False)
    rows = models.PositiveBigIntegerField(_("rows"), default=0, editable=False)
    first_at = models.DateTimeField(_("first fact"), null=True, editable=False)
    last_at = models.DateTimeField(_("last fact"), null=True, editable=False)
    loaded_at = models.DateTimeField(_("last load"), null=True, editable=False)

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.name


class Import(Record):
    """One file on its way into a dataset: what was understood, what was refused, what came in."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="imports")
    dataset = models.ForeignKey(
        Dataset,
        verbose_name=_("dataset"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imports",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED, editable=False
    )
    # How the file was read (format, encoding, delimiter, header, sheet) and the schema that the person confirmed.
    reading: Any = models.JSONField(default=dict, editable=False)
    mapping: Any = models.JSONField(default=dict, editable=False)
    # A digest of the file's headings: the next file with the same ones is offered the same mapping.
    signature = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    report: Any = models.JSONField(default=dict, editable=False)
    loaded_at = models.DateTimeField(_("loaded"), null=True, editable=False)
    reject_file = models.CharField(max_length=500, blank=True, editable=False)
    job = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    # Reading, mapping and report hold cells of the file, which may be personal: the trail keeps no copy.
    unrecorded: ClassVar[tuple[str, ...]] = (
        "path",
        "reject_file",
        "job",
        "reading",
        "mapping",
        "report",
        "signature",
        "loaded_at",
    )

    def __str__(self) -> str:
        return f"{self.code} · {self.file_name}"


class Indicator(Record):
    """What is counted, over which facts, and in which direction it is better."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

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

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("definition in words"), blank=True, help_text=_("What counts and what does not.")
    )
    dataset = models.ForeignKey(
        Dataset, verbose_name=_("dataset"), on_delete=models.PROTECT, related_name="indicators"
    )
    standard = models.ForeignKey(
        Standard,
        verbose_name=_("proves the standard"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="indicators",
        help_text=_("It is measured for this unit and every unit below."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="indicators"
    )
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
    measured_in = models.CharField(_("unit of measure"), max_length=20, blank=True, default="%")
    multiplier = models.FloatField(
        _("shown times"),
        default=1,
        help_text=_("1,000 shows a rate per thousand. Shares are shown in per cent by themselves."),
    )
    preset = models.CharField(
        _("signal rules"), max_length=20, choices=Preset.choices, default=Preset.DEFAULT
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ACTIVE, editable=False
    )
    measured_at = models.DateTimeField(_("last measured"), null=True, editable=False)

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="monitoring_version_number"),
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(current=True), name="monitoring_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.number}"


class Measurement(models.Model):
    """Sufficient statistics of one version × unit (with everything below it) × segment × period."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="measurements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    segment = models.CharField(max_length=200, default="")  # "" all, else "column=value"
    period_start = models.DateField()
    n = models.BigIntegerField()
    weight = models.FloatField(null=True)
    total = models.FloatField(null=True)
    sum_squares = models.FloatField(null=True)
    met = models.FloatField(null=True)
    unmet = models.FloatField(null=True)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    histogram: Any = models.JSONField(null=True)  # [[bucket, count], …]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "unit", "segment", "period_start"], name="monitoring_measurement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.unit} {self.period_start}"


class Baseline(Record):
    """Frozen limits from a date on: a new phase of the chart, set by a person with a reason."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="baselines"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    segment = models.CharField(_("segment"), max_length=200, blank=True, default="", editable=False)
    starts = models.DateField(_("limits hold from"))
    learned_until = models.DateField(_("learned from the periods until"))
    reason = models.TextField(
        _("reason"), help_text=_("What changed in the service, and why the change will last.")
    )
    chart = models.CharField(_("chart"), max_length=20, editable=False)
    centre = models.FloatField(_("centre line"), editable=False)
    sigma = models.FloatField(null=True, editable=False)
    sigma_z = models.FloatField(default=1, editable=False)
    points = models.PositiveIntegerField(_("points"), editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.IN_FORCE, editable=False
    )

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "segment", "starts"],
                condition=Q(state="in_force"),
                name="monitoring_baseline_once",
                violation_error_message=_("A baseline already starts on this date; withdraw it first."),
            ),
            models.CheckConstraint(
                condition=Q(learned_until__gte=F("starts")),
                name="monitoring_baseline_order",
                violation_error_message=_("The limits are learned from periods that follow their start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.starts}"


class Signal(Record):
    """Something that chance seldom does: the rule, the points that show it, and who has looked at it."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    class Kind(models.TextChoices):
        IMPROVEMENT = "improvement", _("Improvement")
        CONCERN = "concern", _("Concern")
        CHANGE = "change", _("Change")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="signals"
    )
    indicator_version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    segment = models.CharField(_("segment"), max_length=200, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=30)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    period_start = models.DateField(_("period"))
    # The evidence: {"periods": [...], "value": …, "lower": …, "upper": …, "centre": …, "n": …, "direction": 1}.
    evidence: Any = models.JSONField(default=dict)
    holds = models.BooleanField(_("still holds"), default=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acknowledged by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_version", "unit", "segment", "rule", "period_start"],
                name="monitoring_signal_once",
            )
        ]
        indexes = [
            models.Index(fields=["state", "period_start"], name="monitoring_signal_recent"),
            models.Index(fields=["-period_start"], name="monitoring_signal_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.period_start:%Y-%m}"


class Annotation(Record):
    """Something that happened, on the time axis of the charts of its unit and those below."""

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("only for the indicator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="annotations",
        help_text=_("Leave empty to show it on every chart of the unit."),
    )
    on = models.DateField(_("date"))
    text = models.CharField(_("what happened"), max_length=200)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes = [models.Index(fields=["-on", "id"], name="monitoring_annotation_on")]

    def __str__(self) -> str:
        return self.text


class Standing(models.Model):
    """How one indicator stands in one unit now: what home and comparisons read instead of computing it."""

    class State(models.TextChoices):
        KEPT = "kept", _("Kept")
        AT_RISK = "at_risk", _("At risk")
        BROKEN = "broken", _("Broken")
        UNKNOWN = "unknown", _("Not enough data")
        NO_TARGET = "no_target", _("Without target")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="standings")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    period_start = models.DateField(_("period"), null=True)
    value = models.FloatField(_("value"), null=True)
    n = models.BigIntegerField(_("cases"), default=0)
    since = models.DateField(_("since"), null=True)  # first period of the present state, unbroken
    changed = models.DateField(_("changed"), null=True)  # first period of the latest signal's evidence
    variation = models.CharField(max_length=30, blank=True)
    assurance = models.CharField(max_length=30, blank=True)
    # The last points for a small chart: {"values": [...], "lower": [...], "upper": [...], "centre": [...], "marked": [...]}.
    trace: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "unit"], name="monitoring_standing_once")]
        indexes = [models.Index(fields=["unit", "state"], name="monitoring_standing_unit")]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit}: {self.state}"
