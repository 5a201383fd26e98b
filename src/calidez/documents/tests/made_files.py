"""Small Word, Excel and PDF files for tests, made on the spot: honest ones, locked ones and traps."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pypdf
import xlsxwriter

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(
    *paragraphs: str, links: Mapping[str, str] | None = None, more: Mapping[str, bytes] | None = None
) -> bytes:
    """A Word file; a paragraph beginning with "# " is a heading, `links` adds a linked word each."""
    body, relations = "", ""
    for paragraph in paragraphs:
        style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if paragraph.startswith("# ") else ""
        body += f"<w:p>{style}<w:r><w:t>{paragraph.removeprefix('# ')}</w:t></w:r></w:p>"
    for number, (text, address) in enumerate((links or {}).items()):
        relations += f'<Relationship Id="h{number}" Type="{_OFFICE}/hyperlink" Target="{address}" TargetMode="External"/>'
        body += f'<w:p><w:hyperlink r:id="h{number}"><w:r><w:t>{text}</w:t></w:r></w:hyperlink></w:p>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS
        % f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>',
        "word/_rels/document.xml.rels": _RELATIONS % relations,
        "word/document.xml": f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>',
        **(more or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def sheets(content: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in content.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return file.getvalue()


def pdf(*pages: Sequence[str], password: str = "") -> bytes:
    """A PDF with its lines set in Helvetica, the way the simplest programs write one."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        drawn = "BT /F1 12 Tf 14 TL 72 760 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {len(objects)} 0 R>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(kids)}]>>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{text}endobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    if not password:
        return out
    writer, file = pypdf.PdfWriter(io.BytesIO(out)), io.BytesIO()
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


@functools.cache
def bomb(size: int = 300 << 20) -> bytes:
    """A package of which one part unpacks to `size` bytes of nothing."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w") as part,
    ):
        for _ in range(size >> 20):
            part.write(bytes(1 << 20))
    return file.getvalue()
