"""What the file of a version shows and says: read once by a process of its own, kept beside the data, cleaned here."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from calidez.documents.content import extracting
from calidez.documents.content.cleaning import clean
from calidez.documents.content.plain import Paragraph, paragraphs_of_html, paragraphs_of_lines
from calidez.engine import limited

WORD, SHEETS, PDF = extracting.WORD, extracting.SHEETS, extracting.PDF
KINDS = {WORD: "Word", SHEETS: "Excel", PDF: "PDF"}
READABLE = frozenset(KINDS)
REVISION = 1  # raised when files are to be read anew, as after a change of what is read
# A page waits so long for a file and for its turn: two versions that are compared are two files.
AT_ONCE = replace(extracting.LIMITS, wait=3, patience=1)
STAMPING = replace(extracting.LIMITS, seconds=12, wait=12, patience=3)  # some hundreds of pages
LEFT_TO_THE_WORKER = 600  # seconds, after which a page tries again: the worker may be gone
# Why a process that read a file came to no answer.
ENDED = {
    "memory": "too_much_memory",
    "processor": "too_slow",
    "fault": "broken",
    # What a busy machine does to a harmless file too is worth another try, and not kept.
    "time": "busy",
    "killed": "busy",
    "busy": "busy",
}

LATER = {"problem": "later"}  # what is kept meanwhile, so that no other page waits
PROBLEMS: Mapping[str, Any] = {
    "encrypted": _(
        "The file is protected by a password, so it cannot be shown or compared here. Upload it without the password."
    ),
    "broken": _("The file is damaged or is not what its name says, so it cannot be shown or compared here."),
    "too_large": _(
        "The file unpacks into far more than a document holds, so it is not opened here. Divide it, or make its pictures smaller."
    ),
    "far_cell": _(
        "A sheet of the file reaches further than can be read: most likely a stray value far from the table. Delete the empty rows below and the empty columns beside the table, then save and upload it again."
    ),
    "too_much_memory": _(
        "Reading the file took more memory than there is for one, so it is not shown or compared here. Divide it, or make its pictures smaller."
    ),
    "too_slow": _(
        "Reading the file took too long, so it is not shown or compared here. Divide it into parts."
    ),
    "busy": _("The file could not be read just now. Load the page again in a minute."),
    "later": _(
        "Reading this file takes longer than a page may wait, so it is being prepared in the background. Load the page again in a minute. The file itself can be downloaded now."
    ),
    "missing": _(
        "The file is missing on the disk. Tell your administrator: it can be brought back from a backup."
    ),
}


@dataclass(frozen=True)
class Sheet:
    """The beginning of one sheet; `high` and `wide` say how much there is in all."""

    name: str
    rows: tuple[tuple[Any, ...], ...]
    high: int
    wide: int

    @property
    def letters(self) -> tuple[str, ...]:
        """The names of the shown columns, as spreadsheets write them."""
        count = max((len(row) for row in self.rows), default=0)
        return tuple(_column(n) for n in range(count))

    @property
    def rows_left(self) -> bool:
        return self.high > len(self.rows)

    @property
    def columns_left(self) -> bool:
        return self.wide > len(self.letters)


@dataclass(frozen=True)
class Extract:
    """What was found in a file; where `problem` is set, nothing else is."""

    kind: str = ""  # word, sheets or pdf
    html: str = ""
    sheets: tuple[Sheet, ...] = ()
    sheets_in_all: int = 0
    sheets_hidden: int = 0
    pages: int = 0
    paragraphs: tuple[Paragraph, ...] = ()
    cut: bool = False  # only the beginning was read
    problem: str = ""

    @property
    def wordless(self) -> bool:
        """Read without fault, and no word in it: a scanned page, as a rule."""
        return not self.problem and not self.paragraphs

    @property
    def sentence(self) -> str:
        return str(PROBLEMS[self.problem]) if self.problem else ""


def extract(path: Path, sha256: str, media_type: str) -> Extract:
    """What the file holds; the same bytes are read once. What takes longer than a page may is left to `prepare`."""
    if media_type not in READABLE:
        raise ValueError(f"{media_type} is not read")
    kept = _place(sha256)
    found = _kept(kept)
    if found is None:
        if not path.exists():
            return Extract(problem="missing")
        found = _read(path, media_type, limits=AT_ONCE)
        if found.get("problem") == "busy":
            found = LATER
        _keep(kept, found)
    return _shown(found, media_type)


def prepare(path: Path, sha256: str, media_type: str) -> None:
    """Read what no page waited for; what was read meanwhile is not read again."""
    kept = _place(sha256)
    if not path.exists() or _kept(kept) not in (None, LATER):
        return
    found = _read(path, media_type, limits=extracting.LIMITS)
    if found.get("problem") == "busy":
        forget(sha256)
    else:
        _keep(kept, found)


def stamped(path: Path, head: Sequence[str], foot: Sequence[str]) -> tuple[bytes, str]:
    """The PDF with a line on head and foot of every page; else nothing, and the sentence why not."""
    line = json.dumps({"head": list(head), "foot": list(foot)}).encode()
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".pdf") as copy:
        arguments = str(path), copy.name
        found = _asked(
            "calidez.documents.content.stamping",
            *arguments,
            given=line,
            work="stamping a PDF",
            limits=STAMPING,
        )
        return (b"", str(PROBLEMS[found["problem"]])) if found.get("problem") else (copy.read(), "")


def _read(path: Path, media_type: str, *, limits: limited.Limits) -> dict[str, Any]:
    """By a process with limits: whatever the file does to its reader, this one goes on."""
    work = f"reading a document of {KINDS[media_type]}"
    with path.open("rb") as file:
        return _asked(
            "calidez.documents.content.extracting",
            media_type,
            given=file,
            work=work,
            limits=limits,
        )


def _asked(
    module: str,
    *arguments: str,
    given: IO[bytes] | bytes,
    work: str,
    limits: limited.Limits,
) -> dict[str, Any]:
    try:
        said = limited.run(module, *arguments, given=given, limits=limits, work=work)
    except limited.Ended as ended:
        return {"problem": ENDED[ended.limit]}
    found: dict[str, Any] = json.loads(said)
    return found


def forget(sha256: str) -> None:
    """What was read out of a file goes with the file."""
    _place(sha256).unlink(missing_ok=True)


def _place(sha256: str) -> Path:
    return Path(settings.DATA_DIR) / "read" / sha256[:2] / f"{sha256}.{REVISION}.json"


def _kept(place: Path) -> dict[str, Any] | None:
    """What is known of the file; None before it was read, and where the worker has had time enough."""
    try:
        found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        old = time.time() - place.stat().st_mtime > LEFT_TO_THE_WORKER
    except (FileNotFoundError, ValueError):
        return None
    return None if found == LATER and old else found


def _keep(place: Path, found: Mapping[str, Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    arriving = place.with_suffix(f".{threading.get_ident()}.part")
    arriving.write_text(json.dumps(found), encoding="utf-8")
    arriving.replace(place)


def _shown(found: Mapping[str, Any], media_type: str) -> Extract:
    if found.get("problem"):
        return Extract(problem=found["problem"])
    if media_type == WORD:
        html = found["html"]
        said = paragraphs_of_html(clean(html))
        return Extract("word", html=clean(html, shift=2), paragraphs=said, cut=found["cut"])
    paragraphs = paragraphs_of_lines(found["lines"])
    if media_type == PDF:
        return Extract("pdf", pages=found["pages"], paragraphs=paragraphs, cut=found["cut"])
    sheets = tuple(
        Sheet(s["name"], tuple(tuple(_value(v) for v in row) for row in s["rows"]), s["high"], s["wide"])
        for s in found["sheets"]
    )
    return Extract(
        "sheets",
        sheets=sheets,
        sheets_in_all=found["in_all"],
        sheets_hidden=found["hidden"],
        paragraphs=paragraphs,
        cut=found["cut"],
    )


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return dt.date.fromisoformat(value["day"])
    return dt.datetime.fromisoformat(value["moment"])


def _column(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
