"""Background work that survives crashes: declare with `job`, ask with `enqueue`, watch with `describe`."""

from calidez.kit.platform.jobs.declare import JobKind, job
from calidez.kit.platform.jobs.progress import progress_to, report_progress
from calidez.kit.platform.jobs.queue import JobStatus, describe, enqueue, enqueue_at
from calidez.kit.platform.jobs.upkeep import forget_jobs

__all__ = [
    "JobKind",
    "JobStatus",
    "describe",
    "enqueue",
    "enqueue_at",
    "forget_jobs",
    "job",
    "progress_to",
    "report_progress",
]
