"""What a document says as plain paragraphs: for comparing two versions, for searching, for counting words."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

_BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "tr",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "table",
    "hr",
}


class Paragraph(NamedTuple):
    """Its words, blanks made one; `level` is that of a heading, else 0."""

    text: str
    level: int = 0


def paragraphs_of_html(html: str) -> tuple[Paragraph, ...]:
    """In reading order; a row of a table is one paragraph, an address stands in brackets after its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return tuple(reader.found)


def paragraphs_of_lines(lines: Iterable[str]) -> tuple[Paragraph, ...]:
    said = (" ".join(line.split()) for line in lines)
    return tuple(Paragraph(text) for text in said if text)


def words_in(paragraphs: Iterable[Paragraph]) -> int:
    return sum(len(paragraph.text.split()) for paragraph in paragraphs)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Paragraph] = []
        self._words: list[str] = []
        self._level = 0
        self._row: list[str] | None = None
        self._mark = ""
        self._href = ""
        self._since = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "tr":
            self.end()
            self._row = []
        elif tag in _BLOCKS and self._row is None:
            self.end()
            self._level = int(tag[1]) if tag[0] == "h" and tag[1].isdecimal() else 0
            self._mark = "• " if tag == "li" else self._mark
        elif tag in _BLOCKS or tag == "br":
            self._words.append(" ")
        elif tag == "img" and values.get("alt"):
            self._words.append(f"[{values['alt']}]")
        elif tag == "a":
            self._href, self._since = values.get("href") or "", len(self._words)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            said = "".join(self._words[self._since :]).strip()
            if self._href and not self._href.startswith("#") and self._href not in {said, f"mailto:{said}"}:
                self._words.append(f" ({self._href})")
            self._href = ""
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(" ".join("".join(self._words).split()))
            self._words = []
        elif tag == "tr" and self._row is not None:
            self._words, self._row = [" | ".join(self._row)] if any(self._row) else [], None
            self.end()
        elif tag in _BLOCKS and self._row is None:
            self.end()
            self._mark = "" if tag == "li" else self._mark

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def end(self) -> None:
        text = " ".join("".join(self._words).split())
        if text:
            self.found.append(Paragraph(self._mark + text, self._level))
            self._mark = ""
        self._words, self._level = [], 0
