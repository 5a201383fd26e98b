"""Reads one file, as a process of its own that a hostile file can neither keep busy nor fill the memory with.

    python -m calidez.documents.content.extracting TYPE < file

Writes what it found as JSON. Knows neither Django nor records.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from typing import IO, Any

from calidez.engine.limited import Limits, Say, answer
from calidez.engine.reach import reach

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
# For the worker; by the clock so much that on a busy machine too the processor decides.
LIMITS = Limits(memory=2 << 30, seconds=20, wait=90)
UNPACKED = 200 << 20
PACKED_TIMES = 200  # what an honest file of this size shrinks by at most
SUSPECT = 20 << 20
ENTRIES = 5_000
LETTERS = 2_000_000
PAGES = 500
SHEETS_SHOWN, ROWS_SHOWN, COLUMNS_SHOWN = 8, 200, 30
ROWS_READ = 20_000
SHEETS_READ = 200
CELL_LETTERS = 500
PICTURES = 4 << 20  # bytes of pictures inside a Word file that are shown


class Refused(Exception):
    """The file is not read; `reason` is one of encrypted, broken, too_large, far_cell."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def extract(kind: str, file: IO[bytes]) -> dict[str, Any]:
    if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and kind != PDF:
        raise Refused("encrypted")  # Office puts a locked file into the container of its old formats
    file.seek(0)
    if kind == WORD:
        return word(file)
    if kind == SHEETS:
        return sheets(file)
    if kind == PDF:
        return pdf(file)
    raise ValueError(f"cannot read {kind}")


def word(file: IO[bytes]) -> dict[str, Any]:
    """HTML, not yet cleaned."""
    import mammoth

    _weigh(file)
    left = [PICTURES]
    result = mammoth.convert_to_html(
        file,
        convert_image=mammoth.images.img_element(lambda image: _picture(image, left)),
        include_embedded_style_map=False,
        external_file_access=False,
        id_prefix="s-",
    )
    return {
        "html": result.value[: 2 * LETTERS + 2 * PICTURES],
        "cut": len(result.value) > 2 * LETTERS + 2 * PICTURES,
    }


def _picture(image: Any, left: list[int]) -> dict[str, str]:
    import base64

    with image.open() as handle:
        raw = handle.read(left[0] + 1)
    if len(raw) > left[0] or image.content_type not in {"image/png", "image/jpeg", "image/gif"}:
        return {"src": ""}
    left[0] -= len(raw)
    return {"src": f"data:{image.content_type};base64,{base64.b64encode(raw).decode()}"}


def sheets(file: IO[bytes]) -> dict[str, Any]:
    """The first sheets that can be seen, and every row as a line of text."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    _weigh(file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    except PasswordError as fault:
        raise Refused("encrypted") from fault
    except CalamineError as fault:
        raise Refused("broken") from fault
    seen = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    shown, lines, cut = list[dict[str, Any]](), list[str](), len(seen) > SHEETS_READ
    for name in seen[:SHEETS_READ]:
        far = reach(file, name)
        if far is not None and far.too_far:
            raise Refused("far_cell")
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False, nrows=ROWS_READ)
        wide = max((n + 1 for row in rows for n, value in enumerate(row) if value != ""), default=0)
        high = max((n + 1 for n, row in enumerate(rows) if any(value != "" for value in row)), default=0)
        if len(shown) < SHEETS_SHOWN:
            some = [
                [_value(v) for v in row[: min(wide, COLUMNS_SHOWN)]] for row in rows[: min(high, ROWS_SHOWN)]
            ]
            shown.append({"name": name, "rows": some, "high": max(high, sheet.total_height), "wide": wide})
        cut = cut or sheet.total_height > ROWS_READ
        lines.append(f"# {name}")
        lines += [" | ".join(_text(v) for v in row[:wide]) for row in rows[:high]]
    return {
        "sheets": shown,
        "in_all": len(seen),
        "hidden": len(book.sheets_metadata) - len(seen),
        "lines": lines,
        "cut": cut,
    }


def _value(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return str(value)[:CELL_LETTERS]


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def pdf(file: IO[bytes]) -> dict[str, Any]:
    """The text of the first pages, line by line."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Refused("broken") from fault
    lines: list[str] = []
    for page in reader.pages[:PAGES]:
        try:
            text = page.extract_text()
        except Exception:  # noqa: S112 - one page that cannot be read does not hide the others
            continue
        lines += text.splitlines()
    return {"lines": _paragraphs(lines), "pages": pages, "cut": pages > PAGES}


def _paragraphs(lines: list[str]) -> list[str]:
    """A PDF knows lines, not paragraphs: a line goes on in the next until one ends a sentence, or ends early."""
    longest = sorted(len(line) for line in lines)[-max(1, len(lines) // 10)] if lines else 0
    found, open_ = list[str](), False
    for line in (line.strip() for line in lines):
        if not line:
            open_ = False
            continue
        if open_ and found:
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
        open_ = not line.endswith((".", ":", ";", "?", "!")) and len(line) > 0.7 * longest
    return found


def _weigh(file: IO[bytes]) -> None:
    """An Office file is a package: one that unpacks into far more than an honest one would is not unpacked."""
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise Refused("broken") from fault
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if (
        len(entries) > ENTRIES
        or unpacked > UNPACKED
        or (unpacked > SUSPECT and unpacked > PACKED_TIMES * packed)
    ):
        raise Refused("too_large")
    if any(e.flag_bits & 1 for e in entries):
        raise Refused("encrypted")
    file.seek(0)


def _told(kind: str, _say: Say) -> dict[str, Any]:
    file = sys.stdin.buffer if sys.stdin.buffer.seekable() else io.BytesIO(sys.stdin.buffer.read())
    try:
        return extract(kind, file)
    except Refused as refusal:
        return {"problem": refusal.reason}


def main() -> None:
    kind = sys.argv[1]
    answer(lambda say: _told(kind, say), LIMITS)


if __name__ == "__main__":
    main()
