"""How far the reading of a version has come, unit by unit; names only for those who may see who has read what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.documents import selectors
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Link

State = Acknowledgement.State
NAMES = 200  # of those who have not read it yet, in all units together
UNITS = 60


@dataclass(frozen=True)
class UnitProgress:
    unit: str
    words: str
    asked: int
    done: int
    late: int
    missing: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ReadingProgress:
    """`needed` is the share that must have read it before it takes effect, where there is one."""

    sentence: str
    words: str
    asked: int
    done: int
    late: str
    units: tuple[UnitProgress, ...]
    needed: str = ""
    more: Link | None = None


def of_document(document: Document, user: Any, request: Any) -> ReadingProgress | None:
    """Of the version in force, or of the one that waits for its readers."""
    waiting = selectors.open_version(document) if document.readers_share is not None else None
    if waiting is not None and waiting.state == DocumentVersion.State.APPROVED:
        return of_version(waiting, user, request)
    return of_version(document.current, user, request) if document.current is not None else None


def of_version(version: DocumentVersion, user: Any, request: Any) -> ReadingProgress | None:
    """None for those who answer only for their own reading."""
    entity = catalog.of(Acknowledgement)
    if not (version.document.owner_id == user.pk or entity.may(user, "view_others")):
        return None
    seen = entity.queryset(user).filter(document_version=version).exclude(state=State.VOID)
    today = timezone.localdate()
    rows = list(
        seen.order_by("person__unit__path")
        .values("person__unit", "person__unit__name")
        .annotate(
            asked=Count("pk"),
            done=Count("pk", filter=Q(state=State.DONE)),
            late=Count("pk", filter=Q(state=State.ASKED, due__lt=today)),
        )
    )
    asked, done, late = (sum(row[name] for row in rows) for name in ("asked", "done", "late"))
    if not asked:
        return None
    missing = defaultdict(list)
    open_ones = seen.filter(state=State.ASKED).select_related("person").order_by("due", "person__name")
    for one in open_ones[:NAMES]:
        missing[one.person.unit_id].append(Link(str(one.person), entity.url(one)))
    units = tuple(
        UnitProgress(
            unit=row["person__unit__name"] or _("Without a unit"),
            words=_words(row["done"], row["asked"]),
            asked=row["asked"],
            done=row["done"],
            late=row["late"],
            missing=tuple(missing[row["person__unit"]]),
        )
        for row in rows[:UNITS]
    )
    query = urlencode({"document_version": str(version.uid), "state": State.ASKED.value})
    return ReadingProgress(
        sentence=_("Version %(number)s: read and understood") % {"number": version.number},
        words=_words(done, asked),
        asked=asked,
        done=done,
        late=_late(late),
        units=units,
        needed=_needed(version),
        more=Link(_("Everybody who has not read it yet"), f"{entity.list_url()}?{query}")
        if done < asked
        else None,
    )


def _words(done: int, asked: int) -> str:
    return _("%(done)s of %(asked)s") % {"done": done, "asked": asked}


def _late(count: int) -> str:
    if not count:
        return ""
    said = ngettext("%(count)s person is past the day.", "%(count)s people are past their day.", count)
    return said % {"count": count}


def _needed(version: DocumentVersion) -> str:
    share = version.document.readers_share
    if share is None or version.state != DocumentVersion.State.APPROVED:
        return ""
    return _("It may take effect when %(share)s%% have read it.") % {"share": share}
