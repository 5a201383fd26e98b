"""Writes a line on head and foot of every page of a PDF: a copy on paper says what it is a copy of.

    python -m calidez.documents.content.stamping FILE COPY < "head and foot as JSON"

Runs as a process of its own, as everything that opens a file from outside.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from typing import Any

from calidez.documents.content.extracting import LIMITS, PAGES, Refused
from calidez.engine.limited import Say, answer

SIZE = 8  # points
EDGE = 18  # from the edge of the page


def stamp(content: bytes, head: Sequence[str], foot: Sequence[str]) -> bytes:
    """A copy of the PDF with `head` at the left and right of the top and `foot` of the bottom, on a white ground."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
        if len(reader.pages) > PAGES:
            raise Refused("too_large")
        writer = PdfWriter()
        for number, page in enumerate(reader.pages, 1):
            here = writer.add_page(page)
            here.transfer_rotation_to_content()
            box = here.mediabox
            of = f"{number} / {len(reader.pages)}"
            marks = _page(float(box.width), float(box.height), head, (*foot, of))
            mark = PdfReader(io.BytesIO(marks)).pages[0]
            here.merge_translated_page(mark, float(box.left), float(box.bottom), over=True)
        stamped = io.BytesIO()
        writer.write(stamped)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Refused("broken") from fault
    return stamped.getvalue()


def _page(width: float, height: float, head: Sequence[str], foot: Sequence[str]) -> bytes:
    """A PDF of one page that holds only the marks."""
    drawn = _line(head, width, height - EDGE) + _line(foot, width, EDGE - SIZE / 2)
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.2f} {height:.2f}]/Contents 4 0 R"
        f"/Resources<</Font<</Stamp {font}>>>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            start,
        )
    )


def _line(texts: Sequence[str], width: float, height: float) -> bytes:
    """The first text at the left, the last at the right; what would not fit beside it is cut."""
    right = _fitting(texts[-1], width / 2)
    left = _fitting(" · ".join(texts[:-1]), width - 3 * EDGE - _width(right))
    ground = f"q 1 g 0 {height - 5:.2f} {width:.2f} {SIZE + 7} re f Q "
    at_right = width - EDGE - _width(right)
    said = ((EDGE, left), (at_right, right))
    drawn = b"".join(
        f"BT 0.25 g /Stamp {SIZE} Tf {x:.2f} {height:.2f} Td ".encode() + _written(text) + b" Tj ET "
        for x, text in said
    )
    return ground.encode() + drawn


def _width(text: str) -> float:
    """In points, by the widths of Helvetica, rounded upwards."""
    return SIZE * sum(
        0.72 if letter.isupper() else 0.28 if letter in " .,:;/|'ijlí" else 0.56 for letter in text
    )


def _fitting(text: str, room: float) -> str:
    while text and _width(text) > room:
        text = text[:-2].rstrip("…") + "…" if len(text) > 2 else ""
    return text


def _written(text: str) -> bytes:
    letters = text.encode("cp1252", errors="replace")
    return b"(" + letters.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _told(path: str, copy: str, _say: Say) -> dict[str, Any]:
    asked = json.load(sys.stdin)
    try:
        with open(path, "rb") as file, open(copy, "wb") as stamped:
            stamped.write(stamp(file.read(), asked["head"], asked["foot"]))
    except Refused as refusal:
        return {"problem": refusal.reason}
    return {}


def main() -> None:
    path, copy = sys.argv[1:3]
    answer(lambda say: _told(path, copy, say), LIMITS)


if __name__ == "__main__":
    main()
