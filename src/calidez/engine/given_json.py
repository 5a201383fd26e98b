"""JSON from outside, refused where it would trouble whoever works with it: too deep, too many names, what no database keeps."""

from __future__ import annotations

import json
import math
from typing import Any

from calidez.engine.errors import EngineError

MOST_DEPTH = 50
MOST_NAMES = 10_000  # in one object
MOST_DIGITS = 300  # of a whole number; more than any number that is not whole can have


def read_json(content: bytes | str) -> Any:
    """The value that is written there; EngineError says what is wrong with it."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        found = json.loads(
            text,
            parse_constant=_constant,
            parse_float=_number,
            parse_int=_whole_number,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise EngineError("json_too_deep", limit=MOST_DEPTH) from None
    except ValueError:
        raise EngineError("json_malformed") from None
    if text.count("[") + text.count("{") > MOST_DEPTH or "\\u" in text:
        _check(found)
    return found


def _constant(name: str) -> Any:
    raise EngineError("json_number", number=name)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise EngineError("json_number", number=text[:20])
    return value


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise EngineError("json_number", number=text[:20] + "…")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(pairs) > MOST_NAMES:
        raise EngineError("json_too_many_names", limit=MOST_NAMES)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise EngineError("json_twice", key=twice[:60])
    return found


def _check(found: Any) -> None:
    """How deep it is, and its texts, without going as deep oneself."""
    left: list[tuple[Any, int]] = [(found, 1)]
    while left:
        value, depth = left.pop()
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, list | dict):
            if depth > MOST_DEPTH:
                raise EngineError("json_too_deep", limit=MOST_DEPTH)
            inside = value if isinstance(value, list) else [*value, *value.values()]
            left.extend((one, depth + 1) for one in inside)


def _check_text(text: str) -> None:
    """Half a character and the null character are JSON, but no database keeps them."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise EngineError("json_characters")
