"""Who may ask how background work goes."""

from __future__ import annotations

import uuid
from typing import Any

from calidez.kit.catalog import catalog
from calidez.kit.platform.jobs.declare import find
from calidez.kit.platform.jobs.models import Job


def may_watch(uid: uuid.UUID | str, user: Any) -> bool:
    """Whoever may see all records that it works on, as who asked for it may, and who operates the program's own work."""
    job = Job.objects.filter(uid=uid).first()
    if job is None:
        return False
    return _sees_what_it_is_about(job, user) or catalog.of(Job).queryset(user).filter(pk=job.pk).exists()


def _sees_what_it_is_about(job: Job, user: Any) -> bool:
    kind = find(job.name)
    if kind is None or not kind.about:
        return False
    return all(_sees(user, key, job.arguments.get(name)) for name, key in kind.about.items())


def _sees(user: Any, key: str, keys: Any) -> bool:
    entity = catalog.by_key(key)
    wanted = {*(keys if isinstance(keys, list) else [keys])}
    return entity is not None and entity.queryset(user).filter(pk__in=wanted).count() == len(wanted)
