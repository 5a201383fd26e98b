"""What is JSON and yet no good to anybody is refused with its own code, however it is nested."""

from __future__ import annotations

import json

import pytest

from calidez.engine import EngineError
from calidez.engine.given_json import MOST_DEPTH, MOST_NAMES, read_json

REFUSED = {
    "deep": (b"[" * 20_000 + b"]" * 20_000, "json_too_deep"),
    "deep objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "json_too_deep"),
    "just too deep": (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "json_too_deep"),
    "never closed": (b"[" * 900, "json_malformed"),
    "nothing": (b"", "json_malformed"),
    "infinity": (b'{"a": Infinity}', "json_number"),
    "no number": (b"[NaN]", "json_number"),
    "beyond numbers": (b"[1e999]", "json_number"),
    "a long number": (b"[" + b"9" * 400 + b"]", "json_number"),
    "a number of 5,000 digits": (b"[" + b"9" * 5000 + b"]", "json_number"),
    "half a character": (rb'["\ud800"]', "json_characters"),
    "half a character as a name": (rb'[{"\udfff": 1}]', "json_characters"),
    "half a character in bytes": (b'["\xed\xa0\x80"]', "json_malformed"),
    "the null character": (rb'{"a": {"b": "x\u0000"}}', "json_characters"),
    "twice": (b'{"a": 1, "b": {"c": 1, "c": 2}}', "json_twice"),
    "a million names": (
        b"{" + b",".join(b'"%d":1' % n for n in range(MOST_NAMES + 1)) + b"}",
        "json_too_many_names",
    ),
    "another encoding": ("[“é”]".encode("cp1252"), "json_malformed"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "json_malformed"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused(kind: str) -> None:
    content, code = REFUSED[kind]
    with pytest.raises(EngineError) as refused:
        read_json(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "value",
    [
        {},
        [[[["deep enough"]]]],
        {"a": [1, -2.5e300, None, True, "ñ 😀 \u202e \\u0000"]},
        "x",
        12345678901234567890,
    ],
)
def test_what_is_right_comes_back_as_it_was_written(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(b"\xef\xbb\xbf" + json.dumps(value, ensure_ascii=False).encode()) == value
