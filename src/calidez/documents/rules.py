"""Decisions about documents: what was approved, who is next, when it may take effect."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

CONTENT, SUMMARY, APPROVERS, OTHERS = "content", "summary", "approvers", "others"


def digest_of(
    *,
    title: str,
    kind: str,
    text: str,
    file: str,
    question: str,
    right: str,
    wrong: Sequence[str],
    pictures: Mapping[str, str],
) -> str:
    """SHA-256 of exactly what people approve: title, kind, the text or the file by its digest, the question.

    `pictures` are those in the text, by their names with their digests. Written as JSON with sorted keys, so that two different contents never give the same bytes.
    """
    content = {
        "title": title,
        "kind": kind,
        "text": hashlib.sha256(text.encode()).hexdigest() if text else "",
        "file": file,
        "question": question,
        "right": right,
        "wrong": list(wrong),
        **({"pictures": dict(pictures)} if pictures else {}),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def missing_to_submit(
    *, content: bool, number: int, summary: str, approvers: Iterable[int], author: int | None
) -> list[str]:
    """What keeps a version from being submitted; empty when it may."""
    people, missing = set(approvers), []
    if not content:
        missing.append(CONTENT)
    if number > 1 and not summary.strip():
        missing.append(SUMMARY)
    if not people:
        missing.append(APPROVERS)
    elif not people - {author}:
        missing.append(OTHERS)
    return missing


def turn(waiting: Iterable[tuple[int, int]], *, sequential: bool) -> set[int]:
    """Who may decide now, of the people who have not yet, given as (place, person)."""
    pairs = sorted(waiting)
    return {person for place, person in pairs if not sequential or place == pairs[0][0]}


def reached(*, done: int, asked: int, share: int | None) -> bool:
    """Whether enough people have read it; nobody asked is not everybody read."""
    return share is None or (asked > 0 and done * 100 >= share * asked)


def still_needed(*, done: int, asked: int, share: int) -> int:
    """How many more must read it."""
    return max(0, -(-share * asked // 100) - done)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last one where that month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def may_be_disposed_of(keep_until: dt.date | None, *, on: dt.date) -> bool:
    return keep_until is not None and on > keep_until


def in_force_on(effective_on: dt.date | None, ended_on: dt.date | None, day: dt.date) -> bool:
    """On the day it ends the next one holds already."""
    return effective_on is not None and effective_on <= day and (ended_on is None or day < ended_on)


def lines(text: str) -> list[str]:
    """The answers of a field that takes one on each line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def same_answer(given: str, right: str) -> bool:
    return " ".join(given.split()).casefold() == " ".join(right.split()).casefold()


def shuffled(answers: Sequence[str], *, seed: str) -> list[str]:
    """In an order that tells nothing of which is right, and is the same each time for the same person."""
    return sorted(answers, key=lambda answer: hashlib.sha256(f"{seed} {answer}".encode()).digest())
