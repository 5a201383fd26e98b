"""What the page of background jobs shows: a fixed number of queries, however long the history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.desk.jobs_control import ENDED_BADLY
from calidez.kit.desk.lists import ListQuery
from calidez.kit.platform.display import Badge, Button, Empty, Filter, Option, Pager, Tone
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import schedules
from calidez.kit.platform.jobs.declare import find, kinds
from calidez.kit.platform.jobs.models import Job, Schedule
from calidez.kit.platform.jobs.wording import in_words

State = Job.State
PAGE_SIZE = 25
SHOWN_WAITING = 10
# A worker looks every second: work that is due for longer and nothing running means that there is none.
PATIENCE = dt.timedelta(minutes=2)
TONES = {
    State.QUEUED: Tone.NEUTRAL,
    State.RUNNING: Tone.NEUTRAL,
    State.DONE: Tone.GOOD,
    State.FAILED: Tone.BAD,
    State.CANCELLED: Tone.QUIET,
    State.REPLACED: Tone.QUIET,
}
ENDED = (State.FAILED, State.DONE, State.CANCELLED, State.REPLACED)


@dataclass(frozen=True)
class JobLine:
    """One job as a line of the page."""

    key: str
    title: str
    url: str
    state: Badge
    percent: int | None
    words: str
    error: str
    worker: str
    attempts: int
    asked: dt.datetime
    begins: dt.datetime | None  # set while it waits for a later moment
    started: dt.datetime | None
    finished: dt.datetime | None
    took: str
    steps: tuple[Button, ...]


@dataclass(frozen=True)
class ScheduleLine:
    key: str
    title: str
    when: str
    paused: bool
    next: dt.datetime | None
    last: JobLine | None
    steps: tuple[Button, ...]


@dataclass(frozen=True)
class Board:
    waiting_count: int
    running_count: int
    failed_count: int
    stalled: bool
    running: tuple[JobLine, ...]
    waiting: tuple[JobLine, ...]
    more_waiting: int
    schedules: tuple[ScheduleLine, ...]
    history: tuple[JobLine, ...]
    filters: tuple[Filter, ...]
    filtered: bool
    pager: Pager
    empty: Empty | None
    live_url: str


def board(params: Mapping[str, str], now: dt.datetime) -> Board:
    query = ListQuery(params)
    counts = dict(Job.objects.values_list("state").annotate(Count("pk")).order_by())
    running = tuple(Job.objects.filter(state=State.RUNNING).order_by("started_at")[:PAGE_SIZE])
    waiting = Job.objects.filter(state=State.QUEUED).order_by("run_after", "id")[:SHOWN_WAITING]
    waits = tuple(line(job, now) for job in waiting)
    history, pager = _history(query, counts, now)
    return Board(
        waiting_count=counts.get(State.QUEUED, 0),
        running_count=counts.get(State.RUNNING, 0),
        failed_count=counts.get(State.FAILED, 0),
        stalled=not running and any(job.run_after < now - PATIENCE for job in waiting),
        running=tuple(line(job, now) for job in running),
        waiting=waits,
        more_waiting=counts.get(State.QUEUED, 0) - len(waits),
        schedules=_schedules(now),
        history=history,
        filters=_filters(query),
        filtered=bool(query.params.get("state") or query.params.get("name")),
        pager=pager,
        empty=None if history else _empty(query),
        live_url=query.url(page=str(query.page) if query.page > 1 else None),
    )


def line(job: Job, now: dt.datetime) -> JobLine:
    kind = find(job.name)
    over = job.finished_at is not None
    total = job.progress_total
    return JobLine(
        key=str(job.uid),
        title=str(kind.title) if kind else job.name,
        url=reverse("kit:job", args=[job.uid]),
        state=Badge(str(State(job.state).label), TONES[State(job.state)]),
        percent=min(100, job.progress_done * 100 // total) if total else None,
        words=job.progress_text,
        error=job.error,
        worker=job.worker.rpartition(":")[0],
        attempts=job.attempts,
        asked=job.created_at,
        begins=job.run_after if job.state == State.QUEUED and job.run_after > now else None,
        started=job.started_at,
        finished=job.finished_at,
        took=duration(job.finished_at - job.started_at)
        if over and job.finished_at and job.started_at
        else "",
        steps=_steps(job),
    )


def arguments(job: Job) -> str:
    return json.dumps(job.arguments, indent=2, ensure_ascii=False) if job.arguments else ""


def duration(time: dt.timedelta) -> str:
    """As long as it took, in the unit that says enough."""
    seconds = time.total_seconds()
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": number(round(seconds, 1))}
    if seconds < 100:
        return _("%(seconds)s s") % {"seconds": number(round(seconds))}
    minutes = round(seconds / 60)
    if minutes < 100:
        return _("%(minutes)s min") % {"minutes": number(minutes)}
    return _("%(hours)s h") % {"hours": number(round(minutes / 60, 1))}


def _steps(job: Job) -> tuple[Button, ...]:
    if job.state == State.QUEUED:
        return (Button(_("Call off"), reverse("kit:job-do", args=[job.uid, "cancel"]), "post", "x"),)
    if job.state in ENDED_BADLY and find(job.name):
        return (Button(_("Run again"), reverse("kit:job-do", args=[job.uid, "again"]), "post", "refresh"),)
    return ()


def _schedules(now: dt.datetime) -> tuple[ScheduleLine, ...]:
    latest = Job.objects.filter(schedule=OuterRef("name")).order_by("-due").values("pk")[:1]
    schedules.known(now)
    rows = {row.name: row for row in Schedule.objects.annotate(latest=Subquery(latest))}
    jobs = Job.objects.in_bulk([row.latest for row in rows.values() if row.latest])
    lines = []
    for kind in schedules.scheduled():
        row = rows[kind.name]
        last = jobs.get(row.latest)
        lines.append(
            ScheduleLine(
                key=kind.name,
                title=str(kind.title),
                when=in_words(kind.every),
                paused=row.paused,
                next=schedules.next_due(kind, row),
                last=line(last, now) if last else None,
                steps=_schedule_steps(row),
            )
        )
    return tuple(sorted(lines, key=lambda item: item.title.casefold()))


def _schedule_steps(row: Schedule) -> tuple[Button, ...]:
    def step(text: str, name: str, icon: str) -> Button:
        return Button(text, reverse("kit:schedule-do", args=[row.name, name]), "post", icon)

    resume, pause = (_("Resume"), "resume", "history"), (_("Pause"), "pause", "player-pause")
    return (step(_("Run now"), "now", "player-play"), step(*(resume if row.paused else pause)))


def _history(
    query: ListQuery, counts: Mapping[str, int], now: dt.datetime
) -> tuple[tuple[JobLine, ...], Pager]:
    state, name = query.params.get("state", ""), query.params.get("name", "")
    states = [state] if state in ENDED else list(ENDED)
    jobs = Job.objects.filter(state__in=states)
    if name:
        jobs = jobs.filter(name=name)
        total = jobs.count()
    else:
        total = sum(counts.get(one, 0) for one in states)
    last_page = max(1, -(-total // PAGE_SIZE))
    page = min(query.page, last_page)
    start = (page - 1) * PAGE_SIZE
    # By the time of asking, which the key follows; keys first, so that far pages pass over an index and not over rows.
    keys = list(jobs.order_by("-id").values_list("pk", flat=True)[start : start + PAGE_SIZE])
    found = Job.objects.filter(pk__in=keys).order_by("-id").defer("trace")
    shown = tuple(line(job, now) for job in found)
    return shown, Pager(
        total,
        min(start + 1, total),
        start + len(shown),
        query.url(page=str(page - 1)) if page > 1 else "",
        query.url(page=str(page + 1)) if page < last_page else "",
    )


def _filters(query: ListQuery) -> tuple[Filter, ...]:
    state, name = query.params.get("state", ""), query.params.get("name", "")
    names = sorted(((str(kind.title), kind.name) for kind in kinds()), key=lambda pair: pair[0].casefold())
    return (
        Filter("state", _("State"), options=tuple(Option(s, str(s.label), s == state) for s in ENDED)),
        Filter("name", _("Work"), options=tuple(Option(key, title, key == name) for title, key in names)),
    )


def _empty(query: ListQuery) -> Empty:
    if query.params.get("state") or query.params.get("name"):
        return Empty(_("Nothing matches these filters."), Button(_("Show all"), reverse("kit:jobs")))
    return Empty(_("Nothing has been done in the background yet. What ends is kept here for 30 days."))
