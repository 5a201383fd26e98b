"""Files made to stop, to hold or to fool whoever reads them: the corpus that every door for files is tried with.

    python scripts/hostile_files.py FOLDER          make them all (small on the disk, some unfold to gigabytes)
    python scripts/hostile_files.py --run [NAME …]  send them to every door and print what came of it

Nothing of it is stored: each is made by a few lines. `big` makes the whole size, without it a size that tells the same.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE, WORD, PDF, PACK, BODY, OTHER = "table", "word", "pdf", "pack", "body", "other"
MB = 1 << 20
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Part = str | bytes | Iterable[bytes]


@dataclass(frozen=True)
class Hostile:
    """`name` as it is uploaded; `write` makes it, in its whole size where asked."""

    name: str
    kind: str
    write: Callable[[Path, bool], None]

    def make(self, folder: Path, *, big: bool) -> Path:
        path = folder / self.name
        self.write(path, big)
        return path


CORPUS: list[Hostile] = []


def hostile(name: str, kind: str = TABLE) -> Callable[[Any], Any]:
    def add(write: Callable[[Path, bool], None]) -> Callable[[Path, bool], None]:
        CORPUS.append(Hostile(name, kind, write))
        return write

    return add


def content(name: str, made: Callable[[bool], bytes], kind: str = TABLE) -> None:
    """A file that fits into memory."""
    CORPUS.append(Hostile(name, kind, lambda path, big: void(path.write_bytes(made(big)))))


def void(_value: object) -> None:
    return None


# Workbooks


def package(path: Path | io.BytesIO, parts: dict[str, Part], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, part in parts.items():
            if isinstance(part, str | bytes):
                file.writestr(name, part)
                continue
            with file.open(name, "w", force_zip64=True) as stream:
                for piece in part:
                    stream.write(piece)


def workbook(sheet: Part, *, shared: Part = "", more: dict[str, Part] | None = None) -> dict[str, Part]:
    """The parts of a workbook with one sheet, whose XML is given whole."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/worksheets/one.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
    )
    book = f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets></workbook>'
    links = f'<Relationship Id="a" Type="{_OFFICE}/worksheet" Target="worksheets/one.xml"/>'
    if shared:
        links += f'<Relationship Id="b" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    start = f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    parts: dict[str, Part] = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{start}</Relationships>',
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "xl/worksheets/one.xml": sheet,
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return parts | (more or {})


def sheet(*rows: str, head: str = "", tail: str = "", before: str = "") -> str:
    return (
        f'{before}<worksheet xmlns="{_SHEETS}">{head}<sheetData>{"".join(rows)}</sheetData>{tail}</worksheet>'
    )


def text(place: str, said: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def streamed(head: str, pieces: Iterable[str], tail: str) -> Iterable[bytes]:
    yield head.encode()
    for piece in pieces:
        yield piece.encode()
    yield tail.encode()


HEAD, TAIL = f'<worksheet xmlns="{_SHEETS}"><sheetData>', "</sheetData></worksheet>"
NAMES = row(1, text("A1", "name"), text("B1", "unit"))
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def xlsx(name: str, made: Callable[[bool], dict[str, Part]]) -> None:
    CORPUS.append(Hostile(name, TABLE, lambda path, big: package(path, made(big))))


def letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


xlsx("far-cell.xlsx", lambda big: workbook(sheet(NAMES, FAR)))
xlsx("far-cell-said-near.xlsx", lambda big: workbook(sheet(NAMES, FAR, head='<dimension ref="A1:B2"/>')))
xlsx(
    "far-cell-in-disguise.xlsx",
    lambda big: workbook(sheet(NAMES, FAR.replace('<c r="', '<c r = "').replace("row r=", "row  r="))),
)
xlsx(
    "one-cell-of-200-mb.xlsx",
    lambda big: workbook(
        streamed(
            HEAD + NAMES + '<row r="2"><c r="A2" t="inlineStr"><is><t>',
            ("x" * MB for _ in range(200 if big else 5)),
            f"</t></is></c></row>{TAIL}",
        )
    ),
)
xlsx(
    "one-text-in-each-cell.xlsx",  # a megabyte that a hundred thousand cells refer to
    lambda big: workbook(
        streamed(
            HEAD + NAMES,
            (
                f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>'
                for n in range(2, 100_000 if big else 2_000)
            ),
            TAIL,
        ),
        shared=f'<sst xmlns="{_SHEETS}"><si><t>{"x" * (MB - 100_000)}</t></si></sst>',
    ),
)
xlsx(
    "ten-million-texts.xlsx",
    lambda big: workbook(
        sheet(NAMES),
        shared=streamed(
            f'<sst xmlns="{_SHEETS}">',
            ("<si><t/></si>" * 10_000 for _ in range(1_000 if big else 50)),
            "</sst>",
        ),
    ),
)
xlsx(
    "16384-columns.xlsx",
    lambda big: workbook(
        streamed(
            HEAD,
            (
                row(n, *(f'<c r="{letters(c)}{n}"><v>{c}</v></c>' for c in range(1, 16_385)))
                for n in range(1, 60 if big else 3)
            ),
            TAIL,
        )
    ),
)
xlsx(
    "a-million-empty-rows.xlsx",
    lambda big: workbook(
        streamed(HEAD + NAMES, (f'<row r="{n}"/>' for n in range(2, 1_048_577 if big else 50_000)), TAIL)
    ),
)
xlsx(
    "merged-ranges.xlsx",
    lambda big: workbook(
        streamed(
            f"{HEAD}{NAMES}</sheetData><mergeCells>",
            (f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(1, 1_000_000 if big else 20_000)),
            "</mergeCells></worksheet>",
        )
    ),
)
xlsx(
    "no-sheet.xlsx",
    lambda big: (
        workbook(sheet(NAMES)) | {"xl/workbook.xml": f'<workbook xmlns="{_SHEETS}"><sheets/></workbook>'}
    ),
)
xlsx(
    "xml-100000-deep.xlsx",
    lambda big: workbook(f"{HEAD}{'<a>' * (1_000_000 if big else 100_000)}"),
)
xlsx(
    "laughs.xlsx",
    lambda big: workbook(sheet(row(1, text("A1", "&e11;")), before=entities())),
)
xlsx(
    "outside-entity.xlsx",
    lambda big: workbook(
        sheet(
            row(1, text("A1", "name"), text("B1", "unit")),
            row(2, text("A2", "&x;"), text("B2", "NORTH")),
            before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        )
    ),
)
xlsx(
    "entity-repeated.xlsx",
    lambda big: workbook(
        sheet(row(1, text("A1", "&x;" * 50_000)), before=f'<!DOCTYPE d [<!ENTITY x "{"y" * 50_000}">]>')
    ),
)
xlsx(
    "names-that-leave.xlsx",
    lambda big: workbook(
        sheet(NAMES), more={"../../../../hostile-was-here": "x", "/etc/hostile": "x", "C:\\x": "x"}
    ),
)
xlsx(
    "numbers-beyond.xlsx",
    lambda big: workbook(
        sheet(
            NAMES,
            *(
                row(n, f'<c r="A{n}"><v>{v}</v></c>')
                for n, v in enumerate(("1e400", "-1e400", "NaN", "9" * 5000, "1e-400"), 2)
            ),
        )
    ),
)
xlsx(
    "50000-parts.xlsx",
    lambda big: workbook(sheet(NAMES), more={f"x/{n}": b"" for n in range(50_000 if big else 25_000)}),
)
xlsx("parts-of-gigabytes.xlsx", lambda big: workbook(b"\0" * MB for _ in range(3_000 if big else 2_100)))


def entities() -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 12 if n else "warmth"}">' for n in range(12))
    return f"<!DOCTYPE d [{levels}]>"


@hostile("2000-sheets.xlsx")
def _many_sheets(path: Path, big: bool) -> None:
    count = 2_000 if big else 300
    parts = workbook(sheet(NAMES))
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(count))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(count)
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
    package(path, parts | {f"xl/worksheets/s{n}.xml": sheet(NAMES) for n in range(count)})


@hostile("lying-sizes.xlsx")
def _lying(path: Path, big: bool) -> None:
    """Says of a part of some hundred megabytes that it has ten bytes."""
    size = 400 if big else 30
    package(path, workbook(streamed(HEAD + NAMES, ("<row/>" * (MB // 6) for _ in range(size)), TAIL)))
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        real = file.getinfo("xl/worksheets/one.xml").file_size
    for place in _places(raw, struct.pack("<L", real & 0xFFFFFFFF)):
        raw[place : place + 4] = struct.pack("<L", 10)
    path.write_bytes(raw)


def _places(raw: bytes | bytearray, wanted: bytes) -> list[int]:
    found, at = [], raw.find(wanted)
    while at >= 0:
        found.append(at)
        at = raw.find(wanted, at + 1)
    return found


@hostile("overlapping-parts.xlsx")
def _overlapping(path: Path, big: bool) -> None:
    """A thousand entries of the list are one and the same kernel of some megabytes."""
    kernel = streamed(HEAD + NAMES, ("<row/>" * (MB // 6) for _ in range(20 if big else 2)), TAIL)
    package(path, workbook(kernel))
    raw = path.read_bytes()
    at = raw.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<LL", raw[at + 12 : at + 20])
    listed = raw[start : start + size]
    entry = listed[listed.rfind(b"PK\x01\x02") :]
    copies = b"".join(entry.replace(b"one.xml", b"%03d.xml" % n) for n in range(1_000))
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1005, 1005, size + len(copies), start, 0)
    path.write_bytes(raw[:start] + listed + copies + end)


@hostile("zips-in-zips.xlsx")
def _nested(path: Path, big: bool) -> None:
    """Sixteen in sixteen in sixteen, as 42.zip; nobody has a reason to unpack it."""
    inner = io.BytesIO()
    package(inner, {"zeros": (b"\0" * MB for _ in range(100 if big else 5))})
    for _level in range(3):
        outer = io.BytesIO()
        package(outer, {f"{n}.zip": inner.getvalue() for n in range(16)})
        inner = outer
    path.write_bytes(inner.getvalue())


@hostile("locked-parts.xlsx")
def _locked(path: Path, big: bool) -> None:
    package(path, workbook(sheet(NAMES)))
    raw = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for at in _places(raw, mark):
            raw[at + place] |= 1
    path.write_bytes(raw)


@hostile("cut.xlsx")
def _cut(path: Path, big: bool) -> None:
    package(path, workbook(sheet(NAMES, *(row(n, text(f"A{n}", "x" * 50)) for n in range(2, 5_000)))))
    path.write_bytes(path.read_bytes()[:-200])


@hostile("repeated-cells.ods")
def _repeated(path: Path, big: bool) -> None:
    office, table = (f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in ("office", "table"))
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<t:p>x</t:p></table:table-cell>"
    )
    body = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}"><office:body><office:spreadsheet>'
        f'<table:table table:name="One"><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    package(path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": body})


@hostile("gigabytes.ods")
def _large_ods(path: Path, big: bool) -> None:
    zeros = (b" " * MB for _ in range(3_000 if big else 2_100))
    package(path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": zeros})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
content("cut.xls", lambda big: OLE + bytes(504) + b"\x09\x08\x10\x00" * 200)
content(
    "sectors-in-a-circle.xls",
    lambda big: (
        OLE
        + struct.pack("<16xHHHHH6xLLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, 0, 1, 0, 1, 0)
        + struct.pack("<L", 0) * 109
        + struct.pack("<L", 0) * 128 * 40
    ),
)
content("page.xls", lambda big: b"<html><script>alert(1)</script><table><tr><td>1</td></tr></table></html>")
content("noise.xlsb", lambda big: b"PK\x03\x04" + random.Random(1).randbytes(200_000))
content("noise.parquet", lambda big: b"PAR1" + random.Random(2).randbytes(200_000) + b"PAR1")

# Packed


def packed(name: str, pieces: Callable[[bool], Iterable[bytes]]) -> None:
    def write(path: Path, big: bool) -> None:
        with gzip.open(path, "wb", 6) as file:
            for piece in pieces(big):
                file.write(piece)

    CORPUS.append(Hostile(name, TABLE, write))


LINES = b"2026-01-01,NORTH,1,0\n" * 50_000
HEADINGS = b"day,unit,visits,late\n"
packed("zeros-of-1-gb.csv.gz", lambda big: (b"\0" * MB for _ in range(1_000 if big else 100)))
packed("zeros-of-3-gb.csv.gz", lambda big: (b"0" * MB for _ in range(3_000 if big else 300)))
packed("text-of-1-gb.csv.gz", lambda big: (HEADINGS, *[LINES] * (1_000 if big else 80)))
packed("text-of-3-gb.csv.gz", lambda big: (HEADINGS, *[LINES] * (3_000 if big else 100)))
packed(
    "objects-of-1-gb.jsonl.gz",
    lambda big: [b'{"day":"2026-01-01","n":1}\n' * 40_000] * (1_000 if big else 80),
)
content("packed-twice.csv.gz", lambda big: gzip.compress(gzip.compress(HEADINGS + LINES)))
content(
    "100000-members.csv.gz",
    lambda big: (
        gzip.compress(HEADINGS) + gzip.compress(b"2026-01-01,NORTH,1,0\n") * (100_000 if big else 20_000)
    ),
)
content(
    "cut.csv.gz",
    lambda big: gzip.compress(random.Random(3).randbytes(100).hex().encode() + HEADINGS + LINES)[:-500],
)
content(
    "noise-behind.csv.gz", lambda big: gzip.compress(HEADINGS + LINES) + random.Random(4).randbytes(5_000)
)
content("wrong-sum.csv.gz", lambda big: gzip.compress(HEADINGS + LINES)[:-8] + bytes(8))
content("zip.csv.gz", lambda big: gzip.compress(b"PK\x03\x04" + bytes(1_000)))

# Text

content("one-line-of-60-mb.csv", lambda big: b"a,b\n" + b"x" * ((60 if big else 6) * MB))
content("open-quote.csv", lambda big: HEADINGS + b'2026-01-01,"NORTH,1,0\n' + LINES * (50 if big else 4))
content(
    "100000-columns.csv",
    lambda big: b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n",
)
content(
    "5000-columns.csv",
    lambda big: (
        (b",".join(b"c%d" % n for n in range(5_000)) + b"\n")
        + (b"1," * 4_999 + b"1\n") * (2_000 if big else 20)
    ),
)
content("null-characters.csv", lambda big: HEADINGS + b"2026-01-01,NO\0RTH,1,0\n" * 100)
content("marks-of-two-encodings.csv", lambda big: b"\xef\xbb\xbf\xff\xfe" + HEADINGS + LINES)
content("utf-16-unmarked.csv", lambda big: (HEADINGS + LINES).decode().encode("utf-16-le"))
content("utf-32.csv", lambda big: (HEADINGS + LINES).decode().encode("utf-32"))
content("broken-letters.csv", lambda big: HEADINGS + LINES * 2 + b"2026-01-01,\xc3\x28\xff,1,0\n" + LINES)
content("only-delimiters.csv", lambda big: b"," * ((50 if big else 5) * MB))
content("only-delimiters-in-lines.csv", lambda big: (b"," * 100 + b"\n") * (500_000 if big else 50_000))
content("only-line-ends.csv", lambda big: b"\n" * ((50 if big else 5) * MB))
content("only-quotes.csv", lambda big: b'"' * ((50 if big else 5) * MB))
content("only-returns.csv", lambda big: b"a,b\r" * (5_000_000 if big else 500_000))
content(
    "nasty-headings.csv",
    lambda big: (
        '"\'; DROP TABLE x; --",<script>alert(1)</script>,"a""b",\u202egnp.exe,=1+1,%(x)s %s {0},../../x,\x1b[31m\n'.encode()
        + b"1,2,3,4,5,6,7,8\n" * 50
    ),
)
content("heading-of-1-mb.csv", lambda big: b"x" * (900_000) + b",b\n" + b"1,2\n" * 50)
content(
    "every-character-a-delimiter.csv",
    lambda big: "".join(map(chr, range(0x100, 0xD000))).encode() * (20 if big else 2),
)
content(
    "ragged.csv",
    lambda big: HEADINGS + b"".join(b"1," * (n % 50) + b"\n" for n in range(500_000 if big else 20_000)),
)
content("5000-headings-alike.csv", lambda big: b"a," * 4_999 + b"a\n" + (b"1," * 4_999 + b"1\n") * 3)
content(
    "cells-of-3-mb.csv", lambda big: b"name,unit\n" + (b"y" * (3 * MB) + b",NORTH\n") * (10 if big else 2)
)
content(
    "numbers-without-end.csv",
    lambda big: b"name,unit,n\n" + b"a,NORTH," + b"9" * 100_000 + b"\nb,NORTH,1e400\nc,NORTH,-0e-999999\n",
)
content(
    "many-units.csv",
    lambda big: (
        b"day,branch,visits\n"
        + b"".join(b"2026-01-01,U%d,1\n" % n for n in range(300_000 if big else 20_000))
    ),
)

# JSON lines, Parquet, Arrow

DEEP = 20_000
content("deep.jsonl", lambda big: (b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}\n") * 3 + b'{"a":1}\n')
content("deep-objects.jsonl", lambda big: (b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"\n") * 3)
content("one-object-of-60-mb.jsonl", lambda big: b'{"a":"' + b"x" * ((60 if big else 25) * MB) + b'"}\n')
content("100000-keys.jsonl", lambda big: json.dumps({f"k{n}": n for n in range(100_000)}).encode() + b"\n")
content(
    "numbers.jsonl",
    lambda big: b'{"n":' + b"9" * 50_000 + b'}\n{"n":1e999}\n{"n":NaN}\n{"n":-Infinity}\n{"n":1}\n',
)
content(
    "half-characters.jsonl",
    lambda big: (
        rb'{"a\ud800":1,"b\u0000":2,"c":"x\u0000y","d":"\udfff"}' + b"\n" + rb'{"c":"x\u0000y","e":1}' + b"\n"
    ),
)
content("new-keys-each-line.jsonl", lambda big: b"".join(b'{"k%d":1}\n' % n for n in range(200_000)))
content("never-closed.jsonl", lambda big: b"{" * (5 * MB))
content(
    "footer-that-lies.parquet", lambda big: b"PAR1" + bytes(2_000) + struct.pack("<L", 0x7FFFFFF0) + b"PAR1"
)


@hostile("a-milliard-rows.parquet")
def _dictionary(path: Path, big: bool) -> None:
    """One value, said once and repeated by run length: kilobytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    size = 50_000_000 if big else 2_000_000
    same = pa.DictionaryArray.from_arrays(
        pa.array(bytes(size), pa.uint8()) if False else _zeros(pa, size), ["warmth " * 20]
    )
    table = pa.table({"name": same})
    with pq.ParquetWriter(str(path), table.schema, compression="zstd", write_statistics=False) as writer:
        for _group in range(20 if big else 2):
            writer.write_table(table, row_group_size=size)


def _zeros(pa: Any, size: int) -> Any:
    return pa.Array.from_buffers(pa.int8(), size, [None, pa.py_buffer(bytes(size))])


@hostile("cut.parquet")
def _cut_parquet(path: Path, big: bool) -> None:
    _parquet(path, {"day": ["2026-01-01"] * 1_000})
    path.write_bytes(path.read_bytes()[:-20])


@hostile("nested-types.parquet")
def _nested_types(path: Path, big: bool) -> None:
    import pyarrow as pa

    kind = pa.int8()
    for _level in range(90):
        kind = pa.list_(kind)
    _parquet(path, {"deep": pa.array([None], kind)})


@hostile("5001-columns.parquet")
def _wide_parquet(path: Path, big: bool) -> None:
    _parquet(path, {f"c{n}": [1] for n in range(5_001)})


@hostile("null-in-a-name.parquet")
def _null_name(path: Path, big: bool) -> None:
    _parquet(path, {"a\0b": ["x\0y"], "c": ["z"]})


@hostile("page-of-a-gigabyte.parquet")
def _large_page(path: Path, big: bool) -> None:
    _parquet(path, {"text": ["x" * ((500 if big else 20) * MB)] * 2})


def _parquet(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), str(path), compression="zstd")


@hostile("packed-batch.arrow")
def _arrow(path: Path, big: bool) -> None:
    import pyarrow as pa

    table = pa.table({"day": pa.array(["x" * MB] * (1_500 if big else 50))})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema, options=options) as stream:
        stream.write_table(table)


content(
    "noise.arrow",
    lambda big: b"\xff\xff\xff\xff" + struct.pack("<L", 0x7FFFFFF0) + random.Random(5).randbytes(5_000),
)

# Documents


def word(
    name: str, body: Callable[[bool], Part], more: Callable[[bool], dict[str, Part]] = lambda big: {}
) -> None:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    start = f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'

    def write(path: Path, big: bool) -> None:
        parts = {
            "[Content_Types].xml": types,
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{start}</Relationships>',
            "word/document.xml": body(big),
        }
        package(path, parts | more(big))

    CORPUS.append(Hostile(name, WORD, write))


DOCUMENT, DOCUMENT_END = f'<w:document xmlns:w="{_W}"><w:body>', "</w:body></w:document>"
word("gigabytes.docx", lambda big: (b" " * MB for _ in range(2_000 if big else 300)))
word(
    "laughs.docx", lambda big: entities() + f"{DOCUMENT}<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>{DOCUMENT_END}"
)
word(
    "tables-in-tables.docx",
    lambda big: (
        DOCUMENT
        + "<w:tbl><w:tr><w:tc>" * 20_000
        + "<w:p/>"
        + "</w:tc></w:tr></w:tbl>" * 20_000
        + DOCUMENT_END
    ),
)
word(
    "a-million-paragraphs.docx",
    lambda big: streamed(
        DOCUMENT,
        ("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_000 for _ in range(1_000 if big else 40)),
        DOCUMENT_END,
    ),
)


def pdf(name: str, made: Callable[[bool], list[bytes]]) -> None:
    """Objects numbered from 1, of which the first is the catalogue."""

    def write(path: Path, big: bool) -> None:
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, body in enumerate(made(big), 1):
            places.append(len(out))
            out += b"%d 0 obj%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
        path.write_bytes(out)

    CORPUS.append(Hostile(name, PDF, write))


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def stream(raw: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(raw), more, raw)


def deflated(size: int, unit: bytes = b"0 0 m\n", times: int = 1) -> bytes:
    squeeze = zlib.compressobj()
    piece = unit * (MB // len(unit))
    raw = b"".join(squeeze.compress(piece) for _ in range(size)) + squeeze.flush()
    for _time in range(times - 1):
        raw = zlib.compress(raw)
    return raw


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"
pdf(
    "a-page-of-a-gigabyte.pdf",
    lambda big: [CATALOGUE, ONE_PAGE, PAGE, stream(deflated(1_000 if big else 100), b"/Filter/FlateDecode")],
)
pdf(
    "packed-thrice.pdf",
    lambda big: [
        CATALOGUE,
        ONE_PAGE,
        PAGE,
        stream(deflated(1_000 if big else 100, times=3), b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"),
    ],
)
pdf(
    "pages-in-a-circle.pdf",
    lambda big: [
        CATALOGUE,
        b"<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]/Parent 3 0 R>>",
        b"<</Type/Pages/Count 2/Kids[2 0 R]>>",
    ],
)
pdf(
    "pages-5000-deep.pdf",
    lambda big: [
        CATALOGUE,
        *(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (n + 1) for n in range(2, 5_000)),
        PAGE,
    ],
)
pdf(
    "a-milliard-pages.pdf",
    lambda big: [CATALOGUE, b"<</Type/Pages/Count 999999999/Kids[3 0 R]>>", PAGE, stream(b"")],
)
pdf(
    "vast-picture.pdf",
    lambda big: [
        CATALOGUE,
        ONE_PAGE,
        PAGE[:-2] + b"/Resources<</XObject<</X 5 0 R>>>>>>",
        stream(b"/X Do"),
        stream(
            deflated(50, b"\0"),
            b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode",
        ),
    ],
)
pdf(
    "form-in-itself.pdf",
    lambda big: [
        CATALOGUE,
        ONE_PAGE,
        PAGE[:-2] + b"/Resources<</XObject<</X 4 0 R>>>>>>",
        stream(b"/X Do", b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 4 0 R>>>>"),
    ],
)
pdf("brackets-100000-deep.pdf", lambda big: [CATALOGUE, ONE_PAGE, PAGE, stream(b"[" * 100_000)])
content(
    "lists-100000-deep.pdf",
    lambda big: b"%PDF-1.7\n1 0 obj" + b"[" * 100_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF",
    PDF,
)
content("cut.pdf", lambda big: b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R", PDF)

# Beside a record

_IHDR = struct.pack(">LLBBBBB", 0x7FFFFFFF, 0x7FFFFFFF, 8, 6, 0, 0, 0)
content(
    "vast.png",
    lambda big: (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">L4s", 13, b"IHDR")
        + _IHDR
        + struct.pack(">L", zlib.crc32(b"IHDR" + _IHDR))
    ),
    OTHER,
)
content(
    "laughs.svg",
    lambda big: (
        entities() + '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>&e11;</text></svg>'
    ).encode(),
    OTHER,
)
content("script.html", lambda big: b"<!DOCTYPE html><script>alert(document.cookie)</script>", OTHER)
content(
    "picture-and-package.png",
    lambda big: b"\x89PNG\r\n\x1a\n" + bytes(100) + b"PK\x03\x04" + bytes(100),
    OTHER,
)

# Starter packs and what programs send

_LISTS = ", ".join(f"&a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
content("aliases.yaml", lambda big: f"a: [&a0 [x, x, x, x, x, x, x, x, x], {_LISTS}]".encode(), PACK)
content(
    "aliases-in-a-name.yaml", lambda big: f"? [&a0 [x, x, x, x, x, x, x, x, x], {_LISTS}]\n: 1".encode(), PACK
)
content("lists-in-lists.yaml", lambda big: b"[" * 20_000 + b"]" * 20_000, PACK)
content("number-of-sixties.yaml", lambda big: b"a: " + b"1:" * 900_000 + b"1", PACK)
content("objects.yaml", lambda big: b"a: !!python/object/apply:os.system ['touch hostile-was-here']", PACK)
content("deep.json", lambda big: b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}", BODY)
content(
    "deep-but-not-too-deep-for-python.json", lambda big: b'{"name":' + b"[" * 900 + b"]" * 900 + b"}", BODY
)
content(
    "a-million-keys.json", lambda big: b"{" + b",".join(b'"%d":0' % n for n in range(450_000)) + b"}", BODY
)
content("9999-keys.json", lambda big: b"{" + b",".join(b'"%d":0' % n for n in range(9_999)) + b"}", BODY)
content("numbers.json", lambda big: b'{"name":1e400,"unit":' + b"9" * 5_000 + b"}", BODY)
content("long-number.json", lambda big: b'{"name":' + b"9" * 400 + b',"unit":"NORTH"}', BODY)
content("no-number.json", lambda big: b'{"name":NaN,"unit":-Infinity}', BODY)
content("half-characters.json", lambda big: rb'{"name":"\ud800","unit":"\u0000"}', BODY)
content("twice.json", lambda big: b'{"name":"a","name":"b","unit":"NORTH"}', BODY)
content("broken-letters.json", lambda big: b'{"name":"\xff\xfe\xed\xa0\x80"}', BODY)
content("never-closed.json", lambda big: b"[" * 4_000_000, BODY)

# By which names a browser may call what it sends.
NAMES_OF_FILES = (
    "../../../../etc/passwd.csv",
    "..\\..\\windows\\system32\\x.csv",
    "a\x00b\x1b[31m\r\nX: y.csv",
    "n" * 300 + ".csv",
    "x." + "y" * 300,
    "\u202egnp.exe",
    "<img src=x onerror=alert(1)>.csv",
    "%(x)s %s {0} ${x}.csv",
    "CON.csv",
    " . .csv",
    "'; DROP TABLE x; --.csv",
)


def main() -> None:
    if "--run" in sys.argv:
        sys.path.insert(0, str(Path(__file__).resolve().parent))
        import hostile_doors

        sys.exit(hostile_doors.run([name for name in sys.argv[1:] if not name.startswith("-")]))
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for one in CORPUS:
        path = one.make(folder, big=True)
        print(f"{path.stat().st_size:>12,}  {one.kind:<6} {one.name}")


if __name__ == "__main__":
    main()
