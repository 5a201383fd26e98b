"""A story goes in by the door that people use, and what is said of it is read where they read it."""

from __future__ import annotations

import csv
import datetime as dt
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.truth.story import Story, schema_of

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.factories import issued
from calidez.kit.tests.visits import Api, client_of
from calidez.monitoring import services
from calidez.monitoring.models import Dataset, Indicator, Standing
from calidez.people.models import ClosedDay, ServiceCalendar, Unit
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import BASIS, in_force

PARTS = ("chart", "promise", "branches", "signals")
LANGUAGES = ("es", "en")


@dataclass
class Told:
    """Everything that is said of a story: as numbers by the API, as words by the pages."""

    indicator: Indicator
    unit: Unit
    client: Client
    api: Api
    pages: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def series(self) -> dict[str, Any]:
        """What programs get."""
        answer = self.api("GET", f"indicators/{self.indicator.uid}/series?unit={self.unit.code}")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    @property
    def points(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.series["points"]
        return found

    def line(self, name: str) -> list[float | None]:
        """One of period, value, n, lower, centre, upper, verdict, signal, point after point."""
        return [point[name] for point in self.points]

    @property
    def signals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.series["signals"]
        return found

    @property
    def rules(self) -> set[str]:
        return {signal["rule"] for signal in self.signals}

    def at(self, period: str) -> dict[str, Any]:
        return next(point for point in self.points if point["period"] == period)

    @cached_property
    def standing(self) -> Standing:
        """What home and comparisons read."""
        return Standing.objects.get(indicator=self.indicator, unit=self.unit)

    @property
    def address(self) -> str:
        """Of the page of the indicator, as somebody reads it who speaks English."""
        self._speak("en")
        return f"{catalog.of(Indicator).url(self.indicator)}?unit={self.unit.code}"

    def page(self, name: str, language: str) -> str:
        """The words of a page, without its markup and without the frame around it."""
        if (name, language) not in self.pages:
            self.pages[name, language] = words_of(self._fetched(name, language))
        return self.pages[name, language]

    def table(self, name: str, language: str) -> list[list[str]]:
        """The cells of the file that a part of the page offers, as a spreadsheet of that language parts them."""
        self._speak(language)
        shown = "" if name == "chart" else name
        page = self.client.get(catalog.of(Indicator).url(self.indicator), {"show": shown}).content.decode()
        button = re.search(r'href="([^"]*chart\.csv[^"]*)"', page)
        assert button, f"{name} offers no file"
        text = b"".join(self.client.get(html.unescape(button[1])).streaming_content).decode("utf-8-sig")
        return list(csv.reader(text.splitlines(), delimiter=";" if language == "es" else ","))

    def _speak(self, language: str) -> None:
        user = type(self.indicator.owner).objects.get(email="admin@example.org")
        type(user).objects.filter(pk=user.pk).update(language=language)

    def _fetched(self, name: str, language: str) -> str:
        self._speak(language)
        address = {"home": "/", "feasibility": self._feasibility()}.get(name)
        params = {"unit": self.unit.code, "show": "" if name == "chart" else name}
        answer = self.client.get(
            address or catalog.of(Indicator).url(self.indicator), None if address else params
        )
        assert answer.status_code == 200, f"{name} answered {answer.status_code}"
        return answer.content.decode()

    def _feasibility(self) -> str:
        standard = self.indicator.standard
        return "" if standard is None else reverse("feasibility", args=[standard.uid])


def words_of(page: str) -> str:
    """What a reader reads in the main part of a page, with plain spaces."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main, "a page without a main part"
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", main[0], flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+([.,;:)])", r"\1", re.sub(r"\s+", " ", text))


def told(story: Story, world: World, folder: Path) -> Told:
    """Loads the file, measures, and gives what can be read of it."""
    where, code = world.root, "truth"
    _open_branches(story, world)
    services.import_file(
        _written(story, folder),
        dataset=code,
        by=world.admin,
        mapping=schema_of(story.rows),
        name="Facts",
        unit=where,
    )
    run_queued()  # what the load asked for; there is nothing to measure yet
    indicator = create(
        Indicator,
        world.admin,
        **{
            "name": "Indicator",
            "unit": where,
            "owner": world.admin,
            "dataset": _dataset(code),
            "standard": _standard(story, world),
            **story.indicator,
        },
    )
    run_queued()
    if story.left_out is not None:
        services.leave_out(by=world.admin, indicator=indicator, unit=where, **vars(story.left_out))
        run_queued()
    if story.limits_from is not None:
        first, last = story.limits_from, max(row["day"] for row in story.rows)
        services.rebase(
            by=world.admin,
            indicator=indicator,
            unit=where,
            starts=first,
            learned_until=last,
            reason="The service changed then.",
        )
        run_queued()
    _say_when_open(story, world)
    if story.complete_until is not None:
        catalog.of(Dataset).edition(_dataset(code), by=world.admin, complete_until=story.complete_until)
    run_queued()  # charts are read anew by the worker, not while somebody saves
    unit = Unit.objects.get(code=story.unit) if story.unit else where
    return Told(indicator, unit, client_of(world.admin), Api(issued(world.admin).secret))


def _dataset(code: str) -> Any:
    return Dataset.objects.get(code=code)


def _open_branches(story: Story, world: World) -> None:
    for code in sorted({row["branch"] for row in story.rows if row.get("branch")}):
        create(Unit, world.admin, code=code, name=f"Branch {code}", parent=world.root)


def _say_when_open(story: Story, world: World) -> None:
    for kind, given in ((ServiceCalendar, story.calendars), (ClosedDay, story.closed)):
        for values in given:
            code = values.get("unit")
            where = Unit.objects.get(code=code) if code else world.root
            create(kind, world.admin, **{**values, "unit": where})


def _standard(story: Story, world: World) -> Any:
    if story.promised is None:
        return None
    given = story.promised
    made = create(
        Standard,
        world.admin,
        title="Promise",
        requirement="At least so many of the cases are served in the time that was promised.",
        target=given.target,
        tolerance=given.tolerance,
        direction=Standard.Direction.AT_LEAST if given.at_least else Standard.Direction.AT_MOST,
        unacceptable=given.unacceptable,
        reaction="" if given.unacceptable is None else "Whoever leads the service calls the branch.",
        measured_in=_measured_in(story.indicator),
        owner=world.admin,
        unit=world.root,
        starts=given.starts,
        child_rows={"rows_standardbasis": [BASIS]},
    )
    return in_force(made, world)


def _measured_in(indicator: Mapping[str, Any]) -> str:
    return str(indicator.get("measured_in", "%"))


def _written(story: Story, folder: Path) -> Path:
    names = list(dict.fromkeys(name for row in story.rows for name in row))
    path = folder / "facts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        out.writerows({name: _cell(value) for name, value in row.items()} for row in story.rows)
    return path


def _cell(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)
