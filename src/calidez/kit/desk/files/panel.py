"""The panel of files, the form to add some, and what a file's own page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.blocks import PanelSource
from calidez.kit.desk.files.models import Attachment
from calidez.kit.desk.files.services import may_attach
from calidez.kit.platform.display import Panel
from calidez.kit.platform.kept_files.sniffing import IMAGES, PDF, PREVIEWED, TEXT

MOST_FILES = 300
NEWEST = 12  # files that stand open


class FileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []


class FilesField(forms.FileField):
    """Several files at once; no `capture`, so that a phone offers its camera beside its pictures and documents."""

    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files if file] or [
            super().clean(None, initial)
        ]


class AttachForm(forms.Form):
    files = FilesField(label=_("Files"), allow_empty_file=True)  # type: ignore[assignment]
    effective_on = forms.DateField(
        label=_("Date of the evidence"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When the certificate, photograph or minutes were made, if that was not today."),
    )
    note = forms.CharField(label=_("What it shows"), required=False, max_length=300)


@dataclass(frozen=True)
class FileRow:
    """One file as shown; the addresses are set for whoever may use them."""

    name: str
    kind: str
    icon: str
    size: int
    sha256: str
    effective_on: Any
    uploaded_at: Any
    uploaded_by: str
    note: str
    url: str
    content_url: str
    preview: str  # "image", "pdf", "text" or nothing
    withdraw_url: str = ""
    withdrawn_at: Any = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""


@dataclass(frozen=True)
class FilesPage:
    files: tuple[FileRow, ...]
    earlier: tuple[FileRow, ...]
    withdrawn: tuple[FileRow, ...]
    add_url: str
    form: Any


@dataclass(frozen=True)
class Files(PanelSource):
    """The record's evidence."""

    key = "files"
    title = _("Files")
    later = True

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        found = Attachment.objects.filter(about=record)
        attachments = list(found.select_related("uploaded_by", "withdrawn_by").order_by("-id")[:MOST_FILES])
        allowed = may_attach(record, user)
        if not attachments and not allowed:
            return None
        rows = tuple(file_row(entity, record, a, allowed) for a in attachments)
        here = tuple(row for row in rows if row.withdrawn_at is None)
        content = FilesPage(
            files=here[:NEWEST],
            earlier=here[NEWEST:],
            withdrawn=tuple(row for row in rows if row.withdrawn_at is not None),
            add_url=reverse("kit:attach", args=[entity.slug, record.uid]) if allowed else "",
            form=AttachForm() if allowed else None,
        )
        return Panel(self.key, str(self.title), "kit/panels/files.html", content, count=len(here) or None)


def file_row(entity: Any, record: Any, attachment: Attachment, allowed: bool) -> FileRow:
    address = [entity.slug, record.uid, attachment.uid]
    kind = attachment.media_type
    # Whoever may add files here may withdraw one: a wrong one must not wait for its author's return.
    withdrawable = allowed and attachment.withdrawn_at is None
    return FileRow(
        name=attachment.name,
        kind=kind_name(kind),
        icon="photo" if kind.startswith("image/") else "file",
        size=attachment.size,
        sha256=attachment.sha256,
        effective_on=attachment.effective_on,
        uploaded_at=attachment.uploaded_at,
        uploaded_by=str(attachment.uploaded_by),
        note=attachment.note,
        url=reverse("kit:file", args=address),
        content_url=reverse("kit:file-content", args=address),
        preview=_preview(kind),
        withdraw_url=reverse("kit:file-withdraw", args=address) if withdrawable else "",
        withdrawn_at=attachment.withdrawn_at,
        withdrawn_by=str(attachment.withdrawn_by) if attachment.withdrawn_at else "",
        withdrawn_why=attachment.withdrawn_why,
    )


def kind_name(kind: str) -> str:
    """What people call this type of file."""
    names = {
        PDF: "PDF",
        TEXT: _("text"),
        "text/html": _("web page"),
        "image/svg+xml": _("drawing (SVG)"),
        "application/zip": "ZIP",
        "application/gzip": "GZIP",
        "application/rtf": "RTF",
        "application/msword": "Word",
        "application/vnd.ms-excel": "Excel",
        "application/vnd.ms-powerpoint": "PowerPoint",
        "application/vnd.ms-outlook": "Outlook",
        "video/mp4": _("video"),
    }
    if kind in names:
        return str(names[kind])
    if kind.startswith(("image/", "audio/")):
        return kind.partition("/")[2].upper()
    office = {"wordprocessingml": "Word", "spreadsheetml": "Excel", "presentationml": "PowerPoint"}
    found = next((word for part, word in office.items() if part in kind), "")
    return found or ("OpenDocument" if "opendocument" in kind else str(_("other")))


def _preview(kind: str) -> str:
    if kind not in PREVIEWED:
        return ""
    return "image" if kind in IMAGES else "pdf" if kind == PDF else "text"
