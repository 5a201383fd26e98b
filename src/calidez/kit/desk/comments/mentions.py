"""Whom a text names: `@` before a person's name or e-mail address, with or without accents and capitals."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w@.])@(?=\w)")


@dataclass(frozen=True)
class Person:
    uid: str
    name: str
    email: str


@dataclass(frozen=True)
class Mention:
    """The place in the text, from the @ to the end of the name."""

    start: int
    end: int
    uid: str


@dataclass(frozen=True)
class Mentions:
    found: tuple[Mention, ...]
    unknown: tuple[str, ...]  # words after an @ that name nobody here, or more than one person


def find(text: str, people: Iterable[Person]) -> Mentions:
    """The longest name that follows each @; a name that two people share names neither, their addresses do."""
    starts = [match.start() for match in _AT.finditer(text)]
    if not starts:
        return Mentions((), ())
    named: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for name in (person.name, person.email):
            if name:
                named[folded(name)].add(person.uid)
    by_length = sorted(named, key=len, reverse=True)
    plain = folded(text)
    found, unknown = [], []
    for start in starts:
        name = next((n for n in by_length if _stands(plain, n, start + 1)), "")
        if name and len(named[name]) == 1:
            found.append(Mention(start, start + 1 + len(name), next(iter(named[name]))))
        else:
            unknown.append((name and text[start + 1 : start + 1 + len(name)]) or _word(text, start + 1))
    return Mentions(tuple(found), tuple(dict.fromkeys(unknown)))


def folded(text: str) -> str:
    """Without accents and capitals, letter for letter, so that places in it are places in the text."""
    return "".join(_plain_letter(letter) for letter in text)


def _plain_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].casefold()
    return base if len(base) == 1 else letter


def _stands(text: str, name: str, at: int) -> bool:
    end = at + len(name)
    return text.startswith(name, at) and not (end < len(text) and (text[end].isalnum() or text[end] == "_"))


def _word(text: str, start: int) -> str:
    match = re.match(r"[\w.+-]+(@[\w.-]+\w)?", text[start:])
    return match.group() if match else ""
