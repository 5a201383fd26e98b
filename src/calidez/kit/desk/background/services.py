"""What an administrator does with background work: again, off, pause, now; each leaves an audit event."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import operation, transition, unless
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import schedules
from calidez.kit.platform.jobs.declare import find
from calidez.kit.platform.jobs.models import Job, Schedule

# Not "view", which the roles that read every kind of record hold: a job's error tells what no page does.
OPERATE = "operate"
State = Job.State


@transition(
    Job,
    source=[State.FAILED, State.CANCELLED],
    target=State.QUEUED,
    label=gettext_lazy("Run again"),
    verb=OPERATE,
    primary=True,
    icon="refresh",
    blocked=unless(lambda job: find(job.name) is not None),
)
def run_again(job: Job, *, by: Any) -> None:
    """As if it were new; whoever watches it sees it run."""
    job.run_after, job.attempts = timezone.now(), 0
    job.error = job.trace = job.worker = job.progress_text = ""
    job.progress_done = job.progress_total = 0
    job.leased_until = job.started_at = job.finished_at = None


@transition(
    Job,
    source=[State.QUEUED],
    target=State.CANCELLED,
    label=gettext_lazy("Call off"),
    verb=OPERATE,
    icon="x",
)
def call_off(job: Job, *, by: Any) -> None:
    """Take it out of the queue before a worker begins it."""
    job.finished_at = timezone.now()
    job.error = _("%(person)s called it off.") % {"person": by}


@operation(Schedule, label=gettext_lazy("Run now"), verb=OPERATE, primary=True, icon="player-play")
def run_now(schedule: Schedule, *, by: Any) -> None:
    """One run outside the schedule, which goes on as before."""
    kind = find(schedule.name)
    if kind is None or not schedules.queue_now(kind, timezone.now()):
        raise RuleBroken(_("The same work is already waiting; it does what this one would do."))


@operation(
    Schedule,
    label=gettext_lazy("Pause"),
    verb=OPERATE,
    icon="player-pause",
    blocked=unless(lambda schedule: not schedule.paused),
)
def pause(schedule: Schedule, *, by: Any) -> None:
    schedule.paused = True


@operation(
    Schedule,
    label=gettext_lazy("Resume"),
    verb=OPERATE,
    icon="history",
    blocked=unless(lambda schedule: schedule.paused),
)
def resume(schedule: Schedule, *, by: Any) -> None:
    """It goes on from now: what fell due during the pause was not wanted."""
    schedule.paused = False
    schedule.settled_until = max(schedule.settled_until, timezone.now())
