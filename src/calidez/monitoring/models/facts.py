"""Where figures come from: datasets, and the files on their way into them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.core import fields
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone
from calidez.people.models import Unit


class Dataset(Record):
    """A table of service facts kept by the engine under its code; the rows are never in this database."""

    class State(fields.States):
        IN_USE = "in_use", _("In use"), Tone.GOOD
        REMOVED = "removed", _("Removed"), Tone.QUIET

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
    rows_are = models.CharField(
        _("what its rows are"),
        max_length=40,
        blank=True,
        help_text=_(
            "In the plural, as pages say it after a number: calls, visits, answers. Left empty, they say rows."
        ),
    )
    unit = fields.place(Unit, related_name="datasets")
    state = fields.state(State)
    # The engine's Schema.to_json(): columns with type, role, unit of measure, date order.
    schema: Any = models.JSONField(_("columns"), default=dict, editable=False)
    # What a file calls a branch, where that is not the unit's code or name: {"St. Mary": "<unit code>"}.
    branch_map: Any = models.JSONField(_("names of units"), default=dict, editable=False)
    rows = models.PositiveBigIntegerField(_("rows"), default=0, editable=False)
    first_at = models.DateTimeField(_("first fact"), null=True, editable=False)
    last_at = models.DateTimeField(_("last fact"), null=True, editable=False)
    loaded_at = models.DateTimeField(_("last load"), null=True, editable=False)
    complete_until = models.DateField(
        _("complete until"),
        null=True,
        blank=True,
        help_text=_(
            "For records of events, where no row means that nothing happened: until which day they are complete. Leave it empty where every day of service has rows."
        ),
    )
    # Other columns that somebody asked for: {"schema": …, "found": …, "error": …, "job": …}; empty where nobody does.
    wanted: Any = models.JSONField(default=dict, editable=False)
    # The days with rows, as measuring found them: Coverage.to_json(); empty where nothing was measured since it is kept.
    days: Any = models.JSONField(default=dict, editable=False)

    unrecorded: ClassVar[tuple[str, ...]] = ("days", "wanted")

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.name


class Import(Record):
    """One file on its way into a dataset: what was understood, what was refused, what came in."""

    class State(fields.States):
        UPLOADED = "uploaded", _("Uploaded"), Tone.QUIET
        CHECKED = "checked", _("Checked"), Tone.QUIET
        LOADING = "loading", _("Loading"), Tone.CONCERN
        LOADED = "loaded", _("Loaded"), Tone.GOOD
        FAILED = "failed", _("Failed"), Tone.BAD
        DISCARDED = "discarded", _("Discarded"), Tone.QUIET
        TAKING_BACK = "returning", _("Being taken back"), Tone.CONCERN
        TAKEN_BACK = "taken_back", pgettext_lazy("load", "Taken back"), Tone.QUIET

    code = fields.code()
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    unit = fields.place(Unit, related_name="imports")
    dataset = fields.reference(Dataset, _("dataset"), optional=True, related_name="imports")
    state = fields.state(State)
    # How the file was read (format, encoding, delimiter, header, sheet) and the schema that the person confirmed.
    reading: Any = models.JSONField(default=dict, editable=False)
    mapping: Any = models.JSONField(default=dict, editable=False)
    # A digest of the file's headings: the next file with the same ones is offered the same mapping.
    signature = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    report: Any = models.JSONField(default=dict, editable=False)
    loaded_at = models.DateTimeField(_("loaded"), null=True, editable=False)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    # Whether the next file with the same headings is proposed as this one was read.
    remembered = models.BooleanField(_("proposed again"), default=True, editable=False)
    reject_file = models.CharField(max_length=500, blank=True, editable=False)
    job = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    # What says where a file lies, for copies that are brought back into another data folder.
    stored_paths: ClassVar[tuple[str, ...]] = ("path", "reject_file", "report")
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
        "taken_back_at",
    )

    def __str__(self) -> str:
        return f"{self.code} · {self.file_name}"
