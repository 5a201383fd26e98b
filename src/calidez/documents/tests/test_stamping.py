"""A PDF on paper says on every page what it is, whatever its size, its turn or the letters of its title."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from calidez.documents.content import files
from calidez.documents.content.extracting import Refused
from calidez.documents.content.stamping import stamp
from calidez.documents.tests import made_files

HEAD = ("DOC-001 Atención (señal) \\ año", "versión 2", "COPIA NO CONTROLADA")
FOOT = ("Impreso el 12 mar 2026, 09:40 por Rosa",)


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_every_page_says_what_it_is_a_copy_of() -> None:
    pages = texts(stamp(made_files.pdf(["First page."], ["Second page."]), HEAD, FOOT))
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert "DOC-001 Atención (señal) \\ año · versión 2" in page
        assert "COPIA NO CONTROLADA" in page
        assert "por Rosa" in page
        assert f"{number} / 2" in page
    assert "First page." in pages[0]


def test_a_long_title_is_cut_before_the_warning() -> None:
    page = texts(
        stamp(made_files.pdf(["x"]), ("DOC-001 " + "Palabra " * 60, "v1", "COPIA NO CONTROLADA"), FOOT)
    )[0]
    assert "…" in page
    assert "COPIA NO CONTROLADA" in page
    assert page.count("Palabra") < 30


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_marked_upright(turn: int) -> None:
    writer, turned = pypdf.PdfWriter(io.BytesIO(made_files.pdf(["Landscape"]))), io.BytesIO()
    writer.pages[0].rotate(turn)
    writer.write(turned)
    page = pypdf.PdfReader(io.BytesIO(stamp(turned.getvalue(), HEAD, FOOT))).pages[0]
    assert page.rotation == 0
    assert page.mediabox.width == (842 if turn != 180 else 595)
    assert "COPIA NO CONTROLADA" in page.extract_text()


def test_a_locked_or_torn_file_is_refused() -> None:
    with pytest.raises(Refused, match="encrypted"):
        stamp(made_files.pdf(["x"], password="1234"), HEAD, FOOT)
    with pytest.raises(Refused, match="broken"):
        stamp(b"%PDF-1.7 torn", HEAD, FOOT)


@pytest.mark.processes
def test_it_is_done_by_a_process_of_its_own(tmp_path: Path, settings: Any) -> None:
    good, locked = tmp_path / "good.pdf", tmp_path / "locked.pdf"
    good.write_bytes(made_files.pdf(["Page"]))
    locked.write_bytes(made_files.pdf(["Page"], password="1234"))
    content, fault = files.stamped(good, HEAD, FOOT)
    assert (fault, "COPIA NO CONTROLADA" in texts(content)[0]) == ("", True)
    content, fault = files.stamped(locked, HEAD, FOOT)
    assert content == b""
    assert "password" in fault
