"""The content of one version as a page shows it, and which versions a reader may open at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.documents import jobs, selectors
from calidez.documents.content import files, markdown
from calidez.documents.content.markdown import Heading
from calidez.documents.content.plain import Paragraph
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core.cells import cell
from calidez.kit.platform.display import Cell
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.kept_files import store

PARAGRAPHS = 600  # of the text of a file that stand beside its picture
KINDS = {files.WORD: "Word", files.SHEETS: "Excel", files.PDF: "PDF"}


@dataclass(frozen=True)
class SheetShown:
    name: str
    letters: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    limit: str  # says how much of it is shown, where that is not all


@dataclass(frozen=True)
class Shown:
    """`kind` is text, word, sheets, pdf, file (one that cannot be read) or empty where nothing is there."""

    kind: str
    html: str = ""
    contents: tuple[Heading, ...] = ()
    sheets: tuple[SheetShown, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    name: str = ""
    file_kind: str = ""
    size: int = 0
    url: str = ""  # the file itself
    look_url: str = ""  # the file in a frame of this page


def shown(version: DocumentVersion, *, shift: int = 2) -> Shown:
    """`shift`: how far the headings of the text stand below the first level."""
    if version.disposed_at is not None:
        return Shown("", notes=(_("Its content was disposed of when its time of keeping was over."),))
    if version.file:
        return _of_file(version)
    if not version.text.strip():
        return Shown("", notes=(_("Nothing is written yet."),))
    rendered = markdown.render(version.text, shift=shift, pictures=pictures(version))
    return Shown("text", rendered.html, rendered.contents)


def paragraphs(version: DocumentVersion) -> tuple[Sequence[Paragraph], str]:
    """What the version says, for comparing it; else the sentence why that cannot be read."""
    if version.disposed_at is not None:
        return (), _("The content of version %(number)s was disposed of.") % {"number": version.number}
    if not version.file:
        return markdown.paragraphs(version.text), ""
    found = _extract(version)
    if found.wordless:
        return (), _(
            "The file of version %(number)s holds no text that could be compared, as a scanned page."
        ) % {"number": version.number}
    return found.paragraphs, found.sentence


def pictures(version: DocumentVersion) -> dict[str, str]:
    """Where the pictures of the text are, by their names."""
    place = (version.document.uid, version.number) if version.pk else ()
    return {
        name: reverse("documents:picture", args=[*place, picture.uid])
        for name, picture in selectors.pictures(version).items()
    }


def readable(document: Document, user: Any) -> QuerySet[DocumentVersion]:
    """Readers get the version in force and what they are asked to read; people with the right see the rest."""
    seen = Q(pk=document.current_id) | Q(
        pk__in=Acknowledgement.objects.filter(person=user)
        .exclude(state=Acknowledgement.State.VOID)
        .values("document_version")
    )
    seen |= Q(pk__in=catalog.of(DocumentVersion).queryset(user).filter(document=document).values("pk"))
    return document.versions.filter(seen).select_related("document", "created_by").order_by("-number")


def _extract(version: DocumentVersion) -> files.Extract:
    file: Any = version.file
    sha256, media_type = file.sha256, file.media_type
    if not media_type:
        return files.Extract(problem="missing")
    if media_type not in files.READABLE:
        return files.Extract(problem="broken")
    found = files.extract(store.path_of(sha256), sha256, media_type)
    if found.problem == "later":
        enqueue(jobs.read_long_file, sha256=sha256, media_type=media_type)
    return found


def _of_file(version: DocumentVersion) -> Shown:
    found = _extract(version)
    file: Any = version.file
    media_type = file.media_type
    url = reverse("documents:file", args=[version.document.uid, version.number])
    about: dict[str, Any] = {
        "name": file.called,
        "file_kind": KINDS.get(media_type, ""),
        "size": file.size if found.problem != "missing" else 0,
        "url": url,
    }
    is_pdf = media_type == files.PDF
    if is_pdf and found.problem != "missing":
        about["look_url"] = f"{url}?look=1"
    if found.problem:
        return Shown(
            "pdf" if is_pdf and found.problem != "missing" else "file", problem=found.sentence, **about
        )
    return Shown(
        found.kind,
        html=found.html,
        sheets=tuple(_sheet(sheet) for sheet in found.sheets),
        paragraphs=found.paragraphs[:PARAGRAPHS] if is_pdf else (),
        notes=_notes(found),
        **about,
    )


def _notes(found: files.Extract) -> tuple[str, ...]:
    notes = []
    if found.wordless:
        notes.append(_("The file holds no text, only pictures: it cannot be searched or compared."))
    if found.cut:
        notes.append(_("It is long: only its beginning was read for searching and comparing."))
    if found.sheets_in_all > len(found.sheets):
        notes.append(
            _("The first %(shown)s sheets of %(all)s.")
            % {"shown": len(found.sheets), "all": found.sheets_in_all}
        )
    if found.sheets_hidden:
        said = ngettext(
            "%(count)s hidden sheet is not shown.",
            "%(count)s hidden sheets are not shown.",
            found.sheets_hidden,
        )
        notes.append(said % {"count": found.sheets_hidden})
    return tuple(notes)


def _sheet(sheet: files.Sheet) -> SheetShown:
    words = {
        "rows": number(len(sheet.rows)),
        "all_rows": number(sheet.high),
        "columns": number(len(sheet.letters)),
        "all_columns": number(sheet.wide),
    }
    limit = ""
    if sheet.rows_left and sheet.columns_left:
        limit = (
            _("First %(rows)s rows of %(all_rows)s, first %(columns)s columns of %(all_columns)s.") % words
        )
    elif sheet.rows_left:
        limit = _("First %(rows)s rows of %(all_rows)s.") % words
    elif sheet.columns_left:
        limit = _("First %(columns)s columns of %(all_columns)s.") % words
    rows = tuple(tuple(cell(value) for value in row) for row in sheet.rows)
    return SheetShown(sheet.name, sheet.letters, rows, limit)
