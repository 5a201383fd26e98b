"""The page of measurements, whose sections are written by different commands and leave each other alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "benchmarks.md"
TITLE = "# Benchmarks"
SECTIONS = ("Speed", "Truth")


def write(section: str, text: str, target: Path = TARGET) -> None:
    """Puts the text in place of what the section held; the others stay as they are."""
    if section not in SECTIONS:
        raise ValueError(f"the page has no section {section!r}: {', '.join(SECTIONS)}")
    parts = sections(target.read_text(encoding="utf-8") if target.exists() else "")
    parts[section] = text.strip()
    body = "\n\n".join(f"## {name}\n\n{parts[name]}" for name in SECTIONS if parts.get(name))
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{TITLE}\n\n{body}\n", encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """What each section of a page holds."""
    _head, *found = f"\n{text}".split("\n## ")
    split = (part.partition("\n") for part in found)
    return {name.strip(): body.strip() for name, _newline, body in split}


def table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table that is as readable in the file as on the page."""
    widths = [max(len(line[column]) for line in [headings, *lines]) for column in range(len(headings))]
    ruler = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in [headings, ruler, *lines]
    )
