"""Every component and generic page with sample values on one address, so that a change of look is seen before users see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from tests.specimen.chart import chart_headers, chart_rows, control_chart, monthly

from calidez.kit.platform.display import (
    Badge,
    Button,
    Cell,
    CellKind,
    Change,
    Chip,
    Clash,
    ConflictPage,
    DetailPage,
    Empty,
    FieldRow,
    Filter,
    FormPage,
    Header,
    HistoryEntry,
    HistoryPage,
    LifePage,
    LifeState,
    Link,
    ListPage,
    NavItem,
    NavSection,
    NextMove,
    Option,
    Pager,
    Panel,
    Place,
    Row,
    Section,
    Shell,
    Tone,
)
from calidez.kit.platform.sparkline import sparkline

STATES = (
    Badge("in force", Tone.GOOD),
    Badge("at risk", Tone.CONCERN),
    Badge("broken", Tone.BAD),
    Badge("not enough data", Tone.UNKNOWN),
    Badge("draft", Tone.QUIET),
    Badge("process", Tone.NEUTRAL),
)
VARIATIONS = (
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neither_high",
    "neither_low",
    "not_enough_data",
)
ASSURANCES = ("consistently_met", "consistently_missed", "hit_and_miss", "no_target", "not_enough_data")
TOWNS = ("Leeds General", "Royal Sussex County", "Isle of Wight", "North Middlesex University", "Harrogate")


def specimen(request: HttpRequest) -> HttpResponse:
    """`?show=` list, empty, detail, form or conflict draws that generic page; without it, the components."""
    shown = PAGES.get(request.GET.get("show", ""))
    if shown is None:
        return render(request, "specimen.html", components() | {"shell": _shell(request)})
    template, page = shown
    if request.headers.get("HX-Request") == "true" and template == "kit/list.html":
        template = "kit/_list_body.html"
    return render(request, template, {"page": page(), "shell": _shell(request)})


def components() -> dict[str, Any]:
    values = monthly()
    return {
        "badges": STATES,
        "primary": Button("Approve version", "#", icon="check", primary=True),
        "secondary": Button("New measurement", "#", icon="plus"),
        "posting": Button("Recompute now", "?", method="post", icon="refresh"),
        "actions": (
            Button("Download CSV", "#", icon="download"),
            Button("Retire", "?", method="post", icon="archive"),
        ),
        "crumbs": (Link("Measure", "#"), Link("Indicators", "#")),
        "empty": Empty(
            "Indicators say whether a promise is kept. Create the first one from a dataset.",
            Button("Create an indicator", "#", icon="plus", primary=True),
            Link("See an example", "#"),
        ),
        "segments": (Link("Months", "#", current=True), Link("Quarters", "#"), Link("Years", "#")),
        "steps": tuple(Link(t, "#") for t in ("File", "Reading", "Columns", "Check", "Load")),
        "variations": VARIATIONS,
        "assurances": ASSURANCES,
        "sparkline": sparkline(
            values,
            label="84.2% in March 2018, below the lower limit",
            lower=86.0,
            upper=95.5,
            centre=91.0,
            target=95.0,
            marks={38: Tone.CONCERN, 6: Tone.GOOD, 30: Tone.BAD},
        ),
        "gaps": sparkline([4, None, 5, 6, None, None, 5, 7], label="Eight weeks, three without data"),
        "spec": control_chart(values),
        "chart_headers": chart_headers(),
        "chart_rows": chart_rows(values),
        "form": sample_form(),
        "columns": _headers(),
        "rows": _rows(4),
    }


class SampleForm(forms.Form):
    title = forms.CharField(label="What is promised?", help_text="As a customer would say it.")
    kind = forms.ChoiceField(
        label="What kind of standard is it?", choices=[("r", "Result"), ("p", "Process")]
    )
    target = forms.DecimalField(label="Which share must be reached, in per cent?", required=False)
    since = forms.DateField(label="Since when does it hold?", widget=forms.DateInput(attrs={"type": "date"}))
    units = forms.MultipleChoiceField(
        label="Where does it hold?",
        choices=[(str(i), f"{town} Hospital {i + 1}") for i, town in enumerate(TOWNS * 3)],
        required=False,
        help_text="Without a choice it holds everywhere.",
    )
    way = forms.ChoiceField(
        label="Which direction is better?",
        widget=forms.RadioSelect,
        choices=[("up", "Higher is better"), ("down", "Lower is better")],
    )
    notify = forms.BooleanField(label="Tell the owner when it is broken", required=False)
    reason = forms.CharField(label="Why?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    evidence = forms.FileField(label="Which file proves it?", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


def sample_form() -> SampleForm:
    return SampleForm(
        {
            "title": "",
            "kind": "r",
            "target": "95",
            "since": "",
            "units": ["1", "3"],
            "way": "up",
            "version": "3",
        }
    )


def _headers() -> tuple[Header, ...]:
    return (
        Header("Code", "?show=list&sort=-code", "ascending"),
        Header("Title", "?show=list&sort=title"),
        Header("State"),
        Header("Unit", "?show=list&sort=unit"),
        Header("Target", "?show=list&sort=target", numeric=True),
        Header("Since", "?show=list&sort=since"),
    )


def _rows(count: int) -> tuple[Row, ...]:
    return tuple(
        Row(
            "?show=detail",
            (
                Cell(CellKind.LINK, Link(f"ST-2026-{n:04}", "?show=detail")),
                Cell(CellKind.TEXT, "Patients leave the emergency department within four hours"),
                Cell(CellKind.BADGE, STATES[n % len(STATES)]),
                Cell(CellKind.LINK, Link(TOWNS[n % len(TOWNS)], "#")),
                Cell(CellKind.NUMBER, 95 - n / 2),
                Cell(CellKind.DATE, dt.date(2026, 1 + n % 12, 3)),
            ),
        )
        for n in range(1, count + 1)
    )


def list_page() -> ListPage:
    return ListPage(
        key="standard",
        title="Standards",
        help="What we promise, where, and since when.",
        headers=_headers(),
        rows=_rows(25),
        pager=Pager(274, 1, 25, "", "?show=list&page=2"),
        search="",
        search_label="Search in standards",
        filters=(
            Filter(
                "state",
                "State",
                options=(Option("draft", "draft"), Option("in_force", "in force", selected=True)),
            ),
            Filter("since", "Since", "dates", value_from="2026-01-01"),
        ),
        chips=(Chip("State: in force", "?show=list"), Chip("Since from 1 January 2026", "?show=list")),
        clear_url="?show=list",
        primary=Button("New standard", "?show=form", icon="plus", primary=True),
        actions=(Button("Download CSV", "#", icon="download"),),
        empty=None,
    )


def empty_page() -> ListPage:
    return ListPage(
        key="standard",
        title="Standards",
        help="What we promise, where, and since when.",
        headers=_headers(),
        rows=(),
        pager=Pager(0, 0, 0),
        search="",
        search_label="Search in standards",
        filters=(),
        chips=(),
        clear_url="",
        primary=None,
        actions=(),
        empty=Empty(
            "A standard is one promise that can be measured. Write the first one in a minute.",
            Button("New standard", "?show=form", icon="plus", primary=True),
            Link("See an example", "?show=detail"),
        ),
    )


def detail_page() -> DetailPage:
    now = timezone.now()
    fields = (
        FieldRow(
            "What is promised", Cell(CellKind.LONG, "95% of patients leave within four hours.\nAt any hour.")
        ),
        FieldRow("Kind", Cell(CellKind.TEXT, "Result")),
        FieldRow("Target", Cell(CellKind.NUMBER, 95.0), "of all patients of a month"),
        FieldRow("Owner", Cell(CellKind.LINK, Link("Quality manager", "#"))),
        FieldRow("Units", Cell(CellKind.LINKS, tuple(Link(t, "#") for t in TOWNS))),
        FieldRow("Public", Cell(CellKind.YES_NO, True)),
        FieldRow("Reviewed", Cell(CellKind.MOMENT, now - dt.timedelta(days=3))),
        FieldRow("Ends", Cell(CellKind.EMPTY)),
    )
    history = (
        HistoryEntry(
            "Quality manager", "Put in force", now - dt.timedelta(minutes=4), (), "Approved in the review."
        ),
        HistoryEntry(
            "Process owner",
            "edited",
            now - dt.timedelta(days=3),
            (Change("Target", "90", "95"), Change("Owner", "–", "Quality manager")),
        ),
        HistoryEntry("Process owner", "created", now - dt.timedelta(days=40), ()),
    )
    table = {"headers": _headers(), "rows": _rows(5), "more": Link("All 274 units", "?show=list")}
    none = {"headers": (), "rows": (), "empty": Empty("No indicator proves this promise yet.")}
    return DetailPage(
        key="standard",
        title="Patients leave the emergency department within four hours",
        code="ST-2026-0001",
        kind="Standard",
        state=STATES[0],
        primary=Button("Retire", "?show=form", icon="archive", primary=True),
        actions=(
            Button("Edit", "?show=form", icon="edit"),
            Button("Recompute", "?", method="post", icon="refresh"),
        ),
        panels=(
            Panel("fields", "Details", "kit/panels/fields.html", fields),
            Panel("units", "Units", "kit/panels/table.html", table, count=274),
            Panel("proof", "Proof", "kit/panels/table.html", none),
            Panel(
                "why", "Why it exists", "kit/panels/text.html", "Waiting is what patients complain of most."
            ),
            Panel("history", "History", "kit/panels/history.html", HistoryPage(history), Place.RAIL),
        ),
        crumbs=(Link("Promise", "#"), Link("Standards", "?show=list")),
        notice="A newer version of this standard is being written.",
        life=LifePage(
            (
                LifeState("Draft", "passed", now - dt.timedelta(days=40), "Process owner"),
                LifeState("In force", "present", now - dt.timedelta(days=2), "Quality manager"),
                LifeState("Retired", "next", moves=(NextMove("Retire", "say first what replaces it"),)),
            )
        ),
    )


def form_page() -> FormPage:
    form = sample_form()
    return FormPage(
        key="standard",
        title="New standard",
        help="One promise that can be measured.",
        form=form,
        sections=(
            Section("The promise", tuple(form[n] for n in ("title", "kind", "target", "since"))),
            Section(
                "Where and how", tuple(form[n] for n in ("units", "way", "notify", "reason", "evidence"))
            ),
        ),
        submit="Create standard",
        cancel_url="?show=list",
        crumbs=(Link("Promise", "#"), Link("Standards", "?show=list")),
    )


def conflict_page() -> ConflictPage:
    form = SampleForm(initial={"title": "Seen within four hours", "target": 95, "units": ["1", "2"]})
    return ConflictPage(
        key="standard",
        title="Two people changed this standard",
        by="Process owner",
        moment=timezone.now() - dt.timedelta(minutes=7),
        clashes=(
            Clash(
                "What is promised?",
                "title",
                "Seen and treated within four hours",
                "Seen within four hours",
                True,
            ),
            Clash("Target", "target", "90", "95", True),
            Clash("Kind", "kind", "Result", "Result", False),
        ),
        form=form,
        submit_url="?show=conflict",
        cancel_url="?show=detail",
        crumbs=(Link("Promise", "#"), Link("Standards", "?show=list")),
    )


PAGES: dict[str, tuple[str, Callable[[], Any]]] = {
    "list": ("kit/list.html", list_page),
    "empty": ("kit/list.html", empty_page),
    "detail": ("kit/detail.html", detail_page),
    "form": ("kit/form.html", form_page),
    "conflict": ("kit/conflict.html", conflict_page),
}


def _shell(request: HttpRequest) -> Shell:
    sections = (
        ("promise", "Promise", "heart-handshake", ("Standards",)),
        ("prepare", "Prepare", "users", ("People", "Positions", "Units")),
        ("measure", "Measure", "chart-line", ("Indicators", "Signals", "Datasets", "Imports")),
    )
    return Shell(
        organisation="Emergency network",
        sections=tuple(
            NavSection(
                key,
                text,
                icon,
                tuple(NavItem(t, "?show=list", t == "Standards" and "show" in request.GET) for t in items),
                key == "promise" and "show" in request.GET,
            )
            for key, text, icon, items in sections
        ),
        unit=Link("Royal Sussex County Hospital", "#"),
        languages=(Option("es", "Español"), Option("en", "English", True)),
        person="Quality manager",
        roles="Quality manager in the whole network",
        theme="auto",
    )
