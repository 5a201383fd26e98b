"""The text of a version, written in Markdown, as safe HTML with the headings that lead through it.

CommonMark with tables and struck-out words. HTML inside the text is text; links lead to pages and mail addresses;
pictures are those that were attached, nothing is fetched from elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from calidez.documents.content.cleaning import clean, outside_in_disguise
from calidez.documents.content.plain import Paragraph, paragraphs_of_html, words_in

MOST_LETTERS = 500_000  # some two hundred pages; a version takes no more
MOST_MARKS = 60_000  # a text of so many letters that may mean something in Markdown is none
_MARKS = "\n#*_`|&<>-["
MOST_BRACKETS = 10_000  # each may open a link, and whether it does is told only by the end of the text
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.I)
_LONG = 400  # words from which a list of contents helps
_HEADINGS = 3


@dataclass(frozen=True)
class Heading:
    """`level` counts from 1, the highest level that the text uses."""

    text: str
    anchor: str
    level: int


@dataclass(frozen=True)
class Rendered:
    html: str
    headings: tuple[Heading, ...]
    words: int

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The list of contents, where the text is so long that one helps: its two highest levels."""
        shown = tuple(heading for heading in self.headings if heading.level <= 2)
        return shown if len(shown) >= _HEADINGS and self.words >= _LONG else ()


def render(text: str, *, shift: int = 2, pictures: Mapping[str, str] | None = None) -> Rendered:
    """`shift` puts headings below those of the page; `pictures` gives the address of an attached one by its name."""
    text = text[:MOST_LETTERS]
    if sum(map(text.count, _MARKS)) > MOST_MARKS:
        html = clean(f"<pre>{escape(text)}</pre>")
        return Rendered(html, (), words_in(paragraphs_of_html(html)))
    reader = _reader()
    if text.count("[") > MOST_BRACKETS:
        reader.disable(["link", "image", "reference"])
    tokens = reader.parse(text)
    headings = _prepare(tokens, pictures or {})
    html = clean(reader.renderer.render(tokens, reader.options, {}), shift=shift)
    return Rendered(html, headings, words_in(paragraphs_of_html(html)))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What the text says, without its marks."""
    return paragraphs_of_html(render(text, shift=0).html)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = _good_address  # type: ignore[method-assign, assignment]
    return reader


def _good_address(address: str) -> bool:
    plain = re.sub(r"[\s\x00-\x1f\x7f]", "", unquote(address)).lower()
    if outside_in_disguise(plain):
        return False
    return not _SCHEME.match(plain) or plain.startswith(("http://", "https://", "mailto:"))


def _prepare(tokens: Sequence[Token], pictures: Mapping[str, str]) -> tuple[Heading, ...]:
    """Headings get their anchors, columns their class, pictures their address."""
    found: list[tuple[str, str, int]] = []
    used: dict[str, int] = {}
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "heading_open" and following is not None:
            words = _words(following.children or [])
            anchor = _anchor(words, used)
            token.attrSet("id", anchor)
            found.append((words, anchor, int(token.tag[1])))
        elif token.type in {"th_open", "td_open"}:
            style = str(token.attrs.pop("style", ""))
            if side := style.partition(":")[2]:
                token.attrSet("class", side)
        elif token.type == "inline" and token.children:
            token.children = [_picture(child, pictures) for child in token.children]
    highest = min((level for _words, _anchor, level in found), default=1)
    return tuple(Heading(words, anchor, level - highest + 1) for words, anchor, level in found)


def _picture(token: Token, pictures: Mapping[str, str]) -> Token:
    if token.type != "image":
        return token
    address = pictures.get(unquote(str(token.attrs.get("src", ""))))
    if address is not None:
        token.attrSet("src", address)
        return token
    words = Token("text", "", 0)
    words.content = f"[{token.content}]" if token.content else ""
    return words


def _words(children: Sequence[Token]) -> str:
    said = (" " if c.type in {"softbreak", "hardbreak"} else c.content for c in children)
    return " ".join("".join(said).split())


def _anchor(words: str, used: dict[str, int]) -> str:
    """`used` says of each anchor how many began as it."""
    bare = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    slug = anchor = "s-" + (re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60] or "section")
    while anchor in used:
        used[slug] += 1
        anchor = f"{slug}-{used[slug]}"
    used[anchor] = 1
    return anchor
