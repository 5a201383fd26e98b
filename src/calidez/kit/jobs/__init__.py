"""Background work that survives crashes: declare with `job`, ask with `enqueue`, watch with `describe`."""

from calidez.kit.jobs.declare import JobKind, job
from calidez.kit.jobs.progress import progress_to, report_progress
from calidez.kit.jobs.queue import JobStatus, describe, enqueue

__all__ = ["JobKind", "JobStatus", "describe", "enqueue", "job", "progress_to", "report_progress"]
