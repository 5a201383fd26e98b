"""What those see who write and approve: the content, its digest, the check question, and the text while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.documents import rules, selectors
from calidez.documents.content import markdown
from calidez.documents.models import DocumentVersion
from calidez.documents.pages.readable import Shown, pictures, shown


@dataclass(frozen=True)
class VersionContent:
    """`unchanged` is None where nothing was submitted yet, so that there is nothing to compare the content with."""

    shown: Shown
    digest: str
    unchanged: bool | None
    question: str = ""
    right: str = ""
    wrong: tuple[str, ...] = ()


def content(version: DocumentVersion, user: Any, request: Any) -> VersionContent:
    told = bool(version.question) and version.pk in selectors.answers_confided([version], user)
    disposed = version.disposed_at is not None
    return VersionContent(
        shown=shown(version),
        digest=version.digest,
        # Whether what stands there is what was submitted, under the name that it had then.
        unchanged=selectors.digest_of(version, submitted=True) == version.digest
        if version.digest and not disposed
        else None,
        question=version.question if told else "",
        right=version.right_answer if told else "",
        wrong=tuple(rules.lines(version.wrong_answers)) if told else (),
    )


def preview(values: Mapping[str, Any], record: DocumentVersion | None, user: Any) -> Shown:
    """How the text will read, drawn beside the form."""
    text = str(values.get("text") or "")
    if not text.strip():
        return Shown("", notes=(_("Write the text, and here you see how it will read."),))
    attached = pictures(record) if record is not None else {}
    rendered = markdown.render(text, shift=2, pictures=attached)
    return Shown("text", rendered.html, rendered.contents)
