"""Files are shown as far as they can be read, with their limits said; broken, locked and hostile ones with a sentence."""

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calidez.documents.content import extracting, files
from calidez.documents.content.files import PDF, SHEETS, WORD, Extract
from calidez.documents.content.plain import Paragraph
from calidez.documents.tests import made_files


@pytest.fixture
def read(tmp_path: Path, settings: Any) -> Any:
    settings.DATA_DIR = tmp_path / "data"

    def _read(content: bytes, kind: str) -> Extract:
        digest = hashlib.sha256(content).hexdigest()
        path = tmp_path / digest
        path.write_bytes(content)
        return files.extract(path, digest, kind)

    return _read


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, read: Any) -> Any:
    """The same without a process of its own: quicker, and enough where limits are not the matter."""

    def _read(path: Path, kind: str, **_limits: Any) -> dict[str, Any]:
        try:
            with path.open("rb") as file:
                return extracting.extract(kind, file)
        except extracting.Refused as refusal:
            return {"problem": refusal.reason}

    monkeypatch.setattr(files, "_read", _read)
    return read


def test_a_word_file_becomes_clean_html_and_paragraphs(here: Any) -> None:
    content = made_files.word(
        "# Turnos",
        "El turno &lt;script&gt;alert(1)&lt;/script&gt; cambia a las siete.",
        links={"ok": "https://example.org/", "bad": "javascript:alert(1)", "data": "data:text/html,x"},
    )
    found = here(content, WORD)
    assert found.problem == ""
    assert "<h3>Turnos</h3>" in found.html
    assert 'href="https://example.org/"' in found.html
    assert "javascript:" not in found.html
    assert "data:" not in found.html
    assert "<script" not in found.html
    assert found.paragraphs[:2] == (
        Paragraph("Turnos", 1),
        Paragraph("El turno <script>alert(1)</script> cambia a las siete."),
    )


def test_sheets_are_shown_up_to_a_limit_that_is_said(here: Any) -> None:
    rows = [["Día", "Visitas", "Sí"], [dt.date(2026, 3, 12), 1250.5, True], *[[n, n, n] for n in range(1238)]]
    wide = [[f"c{n}" for n in range(60)]]
    found = here(
        made_files.sheets({"Marzo": rows, "Ancho": wide, "Oculta": [["x"]]}, hidden=["Oculta"]), SHEETS
    )
    march, broad = found.sheets
    assert (march.name, march.high, len(march.rows), march.rows_left) == ("Marzo", 1240, 200, True)
    assert march.rows[1] == (dt.date(2026, 3, 12), 1250.5, True)
    assert march.letters == ("A", "B", "C")
    assert (broad.wide, len(broad.letters), broad.letters[-1], broad.columns_left) == (60, 30, "AD", True)
    assert (found.sheets_in_all, found.sheets_hidden) == (2, 1)
    texts = [paragraph.text for paragraph in found.paragraphs]
    assert texts[:3] == ["# Marzo", "Día | Visitas | Sí", "2026-03-12 | 1250.5 | True"]
    assert "1237 | 1237 | 1237" in texts


def test_the_text_of_a_pdf_is_read_page_by_page(here: Any) -> None:
    found = here(
        made_files.pdf(
            ["Night shift checks the exits and writes", "down what is missing.", "Keys"], ["Page two."]
        ),
        PDF,
    )
    assert found.pages == 2
    assert [p.text for p in found.paragraphs] == [
        "Night shift checks the exits and writes down what is missing.",
        "Keys",
        "Page two.",
    ]


def test_a_scanned_pdf_says_that_there_are_no_words(here: Any) -> None:
    assert here(made_files.pdf([]), PDF).wordless


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        (PDF, made_files.pdf(["secret"], password="1234"), "encrypted"),
        (WORD, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        (SHEETS, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        (PDF, b"%PDF-1.7\nnothing more", "broken"),
        (WORD, b"PK\x03\x04 torn", "broken"),
        pytest.param(WORD, made_files.bomb, "too_large", marks=pytest.mark.slow),
        pytest.param(SHEETS, made_files.bomb, "too_large", marks=pytest.mark.slow),
    ],
    ids=["locked pdf", "locked word", "locked sheets", "torn pdf", "torn word", "word bomb", "sheet bomb"],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    here: Any, kind: str, content: bytes | Callable[[], bytes], problem: str
) -> None:
    found = here(content() if callable(content) else content, kind)
    assert found.problem == problem
    assert found.sentence.endswith(".")
    assert not found.wordless


def test_another_package_is_no_word_file(read: Any) -> None:
    """By the process: whatever the reader stumbles over, the file is at fault and the page goes on."""
    assert read(made_files.sheets({"a": [["x"]]}), WORD).problem == "broken"
    assert read(made_files.word("hola"), WORD).paragraphs == (Paragraph("hola"),)


@pytest.mark.processes
def test_entities_that_multiply_are_stopped(read: Any) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 12 if n else "warmth"}">' for n in range(12))
    body = f"<!DOCTYPE d [{levels}]><d>&e11;</d>"
    assert read(made_files.word("x", more={"word/document.xml": body.encode()}), WORD).problem in {
        "broken",
        "too_slow",
        "too_large",
    }


def test_no_page_waits_for_a_file_that_takes_long(
    read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker reads it; one that keeps even the worker too long is said to, for good."""
    content = made_files.pdf(["x"])
    digest = hashlib.sha256(content).hexdigest()
    with monkeypatch.context() as hurried:
        hurried.setattr(files, "AT_ONCE", replace(files.AT_ONCE, wait=0.01))
        assert read(content, PDF).problem == "later"
    with monkeypatch.context() as counted:
        counted.setattr(files, "_read", None)
        assert read(content, PDF).problem == "later", "nobody else waits for it"
    files.prepare(tmp_path / digest, digest, PDF)
    assert read(content, PDF).problem == ""


def test_what_the_worker_never_read_is_tried_again(
    read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = made_files.pdf(["x"])
    digest = hashlib.sha256(content).hexdigest()
    with monkeypatch.context() as hurried:
        hurried.setattr(files, "AT_ONCE", replace(files.AT_ONCE, wait=0.01))
        hurried.setattr(files.extracting, "LIMITS", replace(files.extracting.LIMITS, wait=0.01))
        assert read(content, PDF).problem == "later"
        files.prepare(tmp_path / digest, digest, PDF)  # the machine is too busy even for that
    assert read(content, PDF).problem == ""
    files._keep(files._place(digest), files.LATER)
    monkeypatch.setattr(files, "LEFT_TO_THE_WORKER", -1)
    assert read(content, PDF).problem == ""


def test_a_page_waits_at_most_eight_seconds() -> None:
    """Also one that compares two files."""
    assert 2 * (files.AT_ONCE.wait + files.AT_ONCE.patience) <= 8


def test_the_same_bytes_are_read_once(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = here(made_files.word("hola"), WORD)
    monkeypatch.setattr(files, "_read", None)
    assert here(made_files.word("hola"), WORD) == first


def test_what_was_read_goes_with_the_file(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = made_files.word("secreto")
    here(content, WORD)
    kept = list(Path(files.settings.DATA_DIR).rglob("*.json"))
    assert len(kept) == 1
    files.forget(hashlib.sha256(content).hexdigest())
    assert not kept[0].exists()


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    assert files.extract(tmp_path / "none", "0" * 64, PDF).problem == "missing"


def test_pictures_stay_inside_the_file_and_within_bounds() -> None:
    class Picture:
        content_type = "image/png"

        def open(self) -> Any:
            return io.BytesIO(b"\x89PNG" + bytes(1000))

    left = [1500]
    assert re.match(r"data:image/png;base64,", extracting._picture(Picture(), left)["src"])
    assert extracting._picture(Picture(), left)["src"] == ""
