"""Datasets, imports, indicators, baselines, signals and annotations, declared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.cells import Column
from calidez.kit.core.conditions import OnlyIf
from calidez.kit.core.held import Held
from calidez.kit.core.lifecycle import Move
from calidez.kit.core.links import Link
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.desk.related import Related
from calidez.kit.platform.display import Badge, Button, Empty, Tone
from calidez.kit.platform.formats import day
from calidez.monitoring import gaps, panels, sentences, services
from calidez.monitoring.loading import report as imports_report
from calidez.monitoring.measuring.definitions import NEEDS
from calidez.monitoring.models import Annotation, Baseline, Dataset, Exclusion, Import, Indicator, Signal
from calidez.standards.models import Standard


@catalog.register
class Indicators(Entity):
    model = Indicator
    slug = "indicators"
    section = "measure"
    icon = "chart-line"
    code = "IND-{n:03}"
    inherited = True
    columns = ("code", "name", "standard", "measure", "period", "unit", "state", "measured_at")
    filters = ("state", "standard", "dataset", "unit")
    search = ("code", "name", "description")
    ordering = ("code",)
    sections = (
        (_("What it is"), ("name", "description", "standard", "owner", "unit")),
        (
            _("How it is counted"),
            ("dataset", "measure", "numerator", "denominator", "value", "quantile", "condition"),
        ),
        (
            _("How it is shown"),
            ("period", "segments", "better", "measured_in", "multiplier", "preset", "adjust", "chart"),
        ),
    )
    held = (Held(gone=_("Indicator whose owner has left"), where=Q(state=Indicator.State.ACTIVE)),)
    shown = (
        "description",
        "standard",
        "dataset",
        "measure",
        "numerator",
        "denominator",
        "value",
        "quantile",
        "condition",
        "period",
        "segments",
        "better",
        "preset",
        "adjust",
        "chart",
        "owner",
        "unit",
    )
    links = (
        Link(
            "standard",
            up=_("proves"),
            down=_("is proven by"),
            missing_there=gaps.WITHOUT_INDICATOR,
            new_for=lambda standard: standard.state != Standard.State.RETIRED,
        ),
        Link("dataset", up=_("counts facts of"), down=_("is counted by")),
    )
    conditions = {
        name: OnlyIf(
            "measure", tuple(measure for measure, fields in NEEDS.items() if name in fields), needed=True
        )
        for name in ("numerator", "denominator", "value", "quantile")
    }
    edit_states = (Indicator.State.ACTIVE,)
    steps = (services.retire,)
    prepare = services.check_indicator
    saved = services.indicator_saved
    verbs = {"ask_curve": _("looked for a drop of satisfaction")}
    help = _("A figure that shows whether a promise is kept, defined once over your data.")
    empty = _(
        "No indicators yet. Load a file of what happened; the import offers to make an indicator from it."
    )


@catalog.register
class Signals(Entity):
    model = Signal
    found_last = True
    slug = "signals"
    section = "measure"
    icon = "bell"
    creatable = False
    editable = False
    columns = (
        Column(
            "what",
            _("What stands out"),
            sentences.signal_sentence,
            sort="period_start",
            related="indicator__standard",
        ),
        "indicator",
        "unit",
        Column("kind", _("Kind"), sentences.signal_badge, sort="kind"),
        "state",
        "period_start",
    )
    filters = ("state", "kind", "indicator", "unit", "period_start")
    search = ("indicator__name", "unit__name", "unit__code")
    ordering = ("-period_start", "indicator__code")
    shown = (
        Column("what", _("What stands out"), sentences.signal_sentence),
        "indicator",
        "unit",
        Column("rule", _("Rule"), sentences.rule_name),
        "period_start",
        "holds",
        "acknowledged_by",
        "acknowledged_at",
    )
    links = (Link("indicator", up=_("was found in"), down=_("showed")),)
    steps = (services.acknowledge,)
    verbs = {
        "create": _("appeared in the data"),
        "renew": _("was measured again"),
        "end": _("no longer shows in the data"),
        "return": _("shows in the data again"),
    }
    differences = {"evidence": sentences.evidence_changes}
    help = _("Points and patterns that chance seldom makes. Look for the cause before acting.")
    empty = _("No signals: what varies now is the ordinary variation of the service.")

    def title(self, record: Any) -> str:
        return sentences.signal_title(record)


@catalog.register
class Annotations(Entity):
    model = Annotation
    slug = "annotations"
    section = "measure"
    icon = "flag"
    inherited = True
    columns = ("on", "text", "unit", "indicator", "created_by")
    filters = ("unit", "indicator", "on")
    search = ("text",)
    ordering = ("-on",)
    fields = ("text", "on", "unit", "indicator")
    help = _("What happened and may explain a figure: a strike, a new system, a closed ward.")
    empty = _(
        "No annotations yet. Write down what happened when a chart shows a change that you can explain."
    )


@catalog.register
class Baselines(Entity):
    model = Baseline
    found_last = True
    slug = "baselines"
    icon = "ruler"
    section = "measure"
    creatable = True
    editable = False
    create = services.rebase
    columns = ("indicator", "unit", "starts", "learned_until", "points", "state", "created_by")
    filters = ("indicator", "unit", "state")
    search = ("indicator__name", "unit__name", "reason")
    ordering = ("-starts",)
    fields = ("indicator", "unit", "starts", "learned_until", "reason")
    shown = ("indicator", "unit", "starts", "learned_until", "reason", "chart", "points", "created_by")
    # The page of the indicator knows the chart whose limits are set anew.
    links = (Link("indicator", up=_("sets the limits of"), down=_("has limits set by"), new=False),)
    steps = (services.withdraw,)
    help = _("Limits that a person set anew because the service changed for good.")
    empty = _("No baselines: every chart learns its limits from all of its data.")

    def title(self, record: Any) -> str:
        return f"{record.indicator} · {record.unit} · {day(record.starts)}"


@catalog.register
class Exclusions(Entity):
    model = Exclusion
    found_last = True
    slug = "exclusions"
    icon = "slash"
    section = "measure"
    creatable = True
    editable = False
    create = services.leave_out
    columns = ("indicator", "unit", "starts", "ends", "state", "created_by")
    filters = ("indicator", "unit", "state")
    search = ("indicator__name", "unit__name", "reason")
    ordering = ("-starts",)
    fields = ("indicator", "unit", "starts", "ends", "reason")
    shown = ("indicator", "unit", "starts", "ends", "reason", "created_by")
    # The page of the indicator knows the chart and the periods.
    links = (
        Link(
            "indicator", up=_("is left out of the limits of"), down=_("leaves out of its limits"), new=False
        ),
    )
    steps = (services.count_again,)
    help = _(
        "Periods that the limits of a chart leave out, because something happened that is no part of the service."
    )
    empty = _("No exclusions: every period counts for the limits of its chart.")

    def title(self, record: Any) -> str:
        return f"{record.indicator} · {record.unit} · {day(record.starts)}"


@catalog.register
class Datasets(Entity):
    model = Dataset
    slug = "datasets"
    section = "measure"
    icon = "database"
    inherited = True
    columns = (
        "name",
        Column("code", _("Code"), services.imports.code_shown, sort="code"),
        "rows",
        Column("first_at", _("First fact"), panels.first_fact, sort="first_at"),
        Column("last_at", _("Last fact"), panels.last_fact, sort="last_at"),
        "loaded_at",
    )
    filters = ("state", "unit")
    search = ("name", "code", "description")
    ordering = ("name",)
    fields = ("name", "code", "description", "rows_are", "source", "unit", "complete_until")
    shown = (
        Column("code", _("Code"), services.imports.code_shown),
        "description",
        "rows_are",
        "source",
        "unit",
        "rows",
        Column("first_at", _("First fact"), panels.first_fact),
        Column("last_at", _("Last fact"), panels.last_fact),
        "complete_until",
        "loaded_at",
    )
    differences = {"schema": panels.column_changes, "branch_map": panels.name_changes}
    prepare = services.check_dataset
    panels = (
        Fields(filled=True),
        Custom("columns", _("Columns"), "kit/panels/table.html", panels.columns_table),
        Custom("rows", _("Newest rows"), "kit/panels/table.html", panels.newest_rows, later=True),
        Related(
            Import,
            by="dataset",
            columns=("code", "file_name", "state", "error", "rows", "created_at"),
            title=_("Loaded files"),
            empty=_("No file has been loaded into it yet."),
            most=10,
            new=False,
        ),
    )
    created_in_form = False
    steps = (
        services.imports.change_columns,
        services.imports.keep_columns,
        services.imports.empty,
        services.imports.remove,
    )
    edit_states = (Dataset.State.IN_USE,)
    moves = (Move("removed", _("Remove this dataset"), Dataset.State.IN_USE, Dataset.State.REMOVED),)
    aside_states = (Dataset.State.REMOVED,)
    verbs = {
        "map_branches": _("settled the names of units"),
        "ask_columns": _("asked for other columns"),
        "tried_columns": _("tried other columns"),
        "refused_columns": _("could not be read with other columns"),
        "change_columns": _("began to change the columns"),
        "changed_columns": _("changed the columns"),
        "keep_columns": _("left the columns as they are"),
        "empty": _("began to empty it"),
        "emptied": _("emptied it"),
        "not_emptied": _("could not empty it"),
        "remove": _("began to remove it"),
        "removed": _("removed it"),
    }
    help = _("Tables of what happened: visits, calls, answers. Figures are computed from them.")
    empty = _("No data yet. Load a file of what happened: one row per visit, call, order or answer.")

    def hidden_in_list(self) -> Q:
        return Q(state=Dataset.State.REMOVED)

    def onward(self, record: Dataset, user: Any) -> tuple[Button, ...]:
        return panels.onward(record, user)

    def empty_page(self, user: Any) -> Empty:
        may_load = catalog.of(Import).may(user, "create")
        load = (
            Button(str(_("Load a file")), reverse("imports-new"), icon="upload", primary=True)
            if may_load
            else None
        )
        return Empty(str(self.empty), load)


@catalog.register
class Imports(Entity):
    model = Import
    found_last = True
    slug = "imports"
    section = "measure"
    icon = "upload"
    code = "IMP-{n:04}"
    create = services.imports.begin
    create_words = _("Load a file")
    verbs = {
        "keep_look": _("looked at the file"),
        "confirm_reading": _("confirmed how it is read"),
        "choose_columns": _("chose the columns"),
        "confirm_mapping": _("said what the columns mean"),
        "keep_check": _("checked every row"),
        "resolve_branches": _("settled the names of units"),
        "start_load": _("began the load"),
        "loaded": _("loaded it"),
        "failed": _("could not load it"),
        "refused": _("brought a file that cannot be read"),
        "discard": _("discarded the file"),
        "take_back": _("began to take it back"),
        "taken_back": _("took it back"),
        "not_taken_back": _("could not take it back"),
        "read_again": _("was read again with other columns"),
        "forget_file": _("no longer keeps the file"),
        "forget_reading": _("said that its reading is not to be proposed again"),
    }
    links = (
        Link(
            "dataset",
            up=_("came in by"),
            down=_("went into"),
            below=True,
            missing_there=_("No file has been loaded into it yet."),
        ),
    )
    steps = (services.imports.discard, services.imports.take_back, services.imports.forget_reading)
    moves = (
        Move("taken_back", _("the work itself"), Import.State.TAKING_BACK, Import.State.TAKEN_BACK),
        Move("not_taken_back", _("the work itself"), Import.State.TAKING_BACK, Import.State.LOADED),
        Move("keep_check", _("Check the file"), Import.State.UPLOADED, Import.State.CHECKED),
        Move("start_load", _("Load"), Import.State.CHECKED, Import.State.LOADING),
        Move("start_load", _("Load"), Import.State.FAILED, Import.State.LOADING),
        Move("loaded", _("the load itself"), Import.State.LOADING, Import.State.LOADED),
        Move("failed", _("the load itself"), Import.State.LOADING, Import.State.FAILED),
        Move("refused", _("the file itself"), Import.State.UPLOADED, Import.State.FAILED),
    )
    aside_states = (
        Import.State.FAILED,
        Import.State.DISCARDED,
        Import.State.TAKING_BACK,
        Import.State.TAKEN_BACK,
    )
    editable = False
    columns = (
        "code",
        "file_name",
        "dataset",
        "state",
        Column("error", _("What is wrong"), imports_report.wrong_in_short),
        Column("rows", _("Rows loaded"), panels.rows_loaded, numeric=True),
        "created_at",
    )
    filters = ("state", "dataset")
    search = ("code", "file_name")
    shown = (
        "file_name",
        Column("size", _("Size"), imports_report.size),
        "dataset",
        "unit",
        "state",
        "created_by",
        "created_at",
    )
    panels = (
        Fields(),
        Custom("report", _("What came in"), "monitoring/panels/report.html", imports_report.panel),
    )
    help = _(
        "Every file that was loaded, with what was left out of it. Files that were left unfinished for more than a day are hidden: choose their state in the filter to see them."
    )
    empty = _("No files yet. Load one: the system looks at it and asks what it needs to know.")

    def title(self, record: Import) -> str:
        return record.file_name

    def hidden_in_list(self) -> Q:
        left = Q(state__in=(Import.State.UPLOADED, Import.State.CHECKED))
        return left & Q(created_at__lt=timezone.now() - dt.timedelta(days=1))

    def renews(self, record: Any) -> bool:
        return record.state == Import.State.TAKING_BACK

    def state_badge(self, record: Any) -> Badge | None:
        if imports_report.is_refused(record):
            return Badge(str(_("Refused")), Tone.BAD)
        return super().state_badge(record)


def state_badge(state: str, text: str) -> Badge:
    """The badge of a promise's state, the same on every page."""
    tone = {"kept": Tone.GOOD, "at_risk": Tone.CONCERN, "broken": Tone.BAD, "unknown": Tone.UNKNOWN}
    return Badge(text, tone.get(state, Tone.QUIET))
