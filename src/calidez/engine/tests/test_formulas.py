"""No cell that we write is run by a spreadsheet, and our own file comes back as it went out."""

from __future__ import annotations

import random
import unicodedata

import duckdb
import pytest

from calidez.engine.formulas import neutral, original
from calidez.engine.rejects import neutral_sql

DDE = "cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("- an item", "'- an item"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r'=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1+1", "'＋1+1"),
        ("－1+1", "'－1+1"),
        ("＠x", "'＠x"),
        ("−1+1", "'−1+1"),
        (" =1", "' =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u200b\ufeff=1", "'\u200b\ufeff=1"),
        ("\u202e=1", "'\u202e=1"),
        ("\u034f=1", "'\u034f=1"),
        ("\ufe0f\u200b@x", "'\ufe0f\u200b@x"),
        ("\U000e0020=1", "'\U000e0020=1"),
        ("\x85\x7f=1", "'\x85\x7f=1"),
        ("note;\u034f=1", "note;'\u034f=1"),
        ("\u3000＝1", "'\u3000＝1"),
        (f"={DDE}", f"'={DDE}"),
        # A file with commas, opened where semicolons separate cells.
        (f"note;={DDE}", f"note;'={DDE}"),
        ("note; +1+1", "note;' +1+1"),
        ("one\n=1\n\u00a0@x", "one\n'=1\n'\u00a0@x"),
        ("one\n-2+3", "one\n'-2+3"),
        # Lists, dashes and numbers of ordinary texts stay as they are.
        ("to do:\n- one\n- two", "to do:\n- one\n- two"),
        ("a=b", "a=b"),
        ("ana@example.org", "ana@example.org"),
        ("a;b;c", "a;b;c"),
        ("-5", "-5"),
        ("+1,5", "+1,5"),
        ("-5e10", "-5e10"),
        ("'quoted'", "'quoted'"),
        ("'=1", "''=1"),
        ("", ""),
    ],
)
def test_what_would_run_is_written_as_text(given: str, written: str) -> None:
    assert neutral(given) == written
    assert original(written) == given
    assert duckdb.execute(f"SELECT {neutral_sql('t')} FROM (SELECT ?::VARCHAR AS t)", [given]).fetchone() == (
        written,
    )


def test_every_letter_that_means_one_of_the_signs_counts() -> None:
    for letter in map(chr, range(0x10000)):
        if not "\ud800" <= letter <= "\udfff" and unicodedata.normalize("NFKC", letter) in {*"=+-@"}:
            assert neutral(f"{letter}x").startswith("'"), hex(ord(letter))


def test_no_letter_that_shows_nothing_hides_a_sign() -> None:
    unseen = [
        chr(code)
        for code in (*range(0x20, 0xD800), *range(0xE000, 0x1E000), *range(0xE0000, 0xE1000))
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
    ]
    ignorable = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    variants = [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))]
    for letter in (*unseen, *ignorable, *variants):
        for sign in "=+-@":
            written = neutral(f"{letter}{sign}x")
            assert written == f"'{letter}{sign}x", hex(ord(letter))
            assert original(written) == f"{letter}{sign}x"


def test_any_text_comes_back() -> None:
    letters, random_ = "'=+-@;\n\r\t ＝a1.,\u200b\u00a0\u034f\ufe0f\x85\U000e0020", random.Random(5)
    texts = ["".join(random_.choices(letters, k=random_.randint(0, 9))) for _ in range(5000)]
    for text in texts:
        assert original(neutral(text)) == text
    written = duckdb.execute(
        f"SELECT list({neutral_sql('t')} ORDER BY n) FROM (SELECT unnest(?) AS t, unnest(range(?)) AS n)",
        [texts, len(texts)],
    ).fetchone()
    assert written == ([neutral(text) for text in texts],)
