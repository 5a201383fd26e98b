"""Which letters a text of people may hold: what comes along in copying is put right, what deceives is refused in words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("  Ana ", "Ana"),
        ("Ana\u00a0Ruiz", "Ana Ruiz"),
        ("Ana\r\n  Ruiz\t\tSoto", "Ana Ruiz Soto"),
        ("Ana\u2028Ruiz\x0bSoto", "Ana Ruiz Soto"),
        ("a  b", "a  b"),  # two plain blanks may be part of a code
        ("aten\u00adcio\u0301n", "atenci\u00f3n"),
        ("\u200eAna\u200f\u200b\u2060\ufeff", "Ana"),
        ("Ana\u200dRuiz\u200c", "AnaRuiz"),
        ("\u200b\u2060", ""),
        # What joiners and flags are for.
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u0d28\u0d4d\u200d", "\u0d28\u0d4d\u200d"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("a\U000e0067b", "ab"),
        ("\u05d3\u05e0\u05d9 \u05db\u05d4\u05df", "\u05d3\u05e0\u05d9 \u05db\u05d4\u05df"),
        ("\uf0b7 a bullet of Word", "\uf0b7 a bullet of Word"),
    ],
)
def test_names_are_kept_as_they_are_read(given: str, kept: str) -> None:
    assert letters.line(given) == kept
    assert letters.line(kept) == kept


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_what_turns_the_direction_is_refused_with_its_place(code: int) -> None:
    with pytest.raises(ValidationError, match=rf"After “Ana” .*direction.*U\+{code:04X}"):
        letters.line(f"Ana{chr(code)}fdp.exe")
    with pytest.raises(ValidationError, match="At the beginning"):
        letters.line(f"{chr(code)}fdp.exe")


@pytest.mark.parametrize("code", [0, 1, 7, 8, 0x0E, 0x1B, 0x7F, 0x80, 0x9B, 0x9F, 0xD800, 0xFFFE, 0xFFFF])
def test_control_characters_are_refused_in_every_text(code: int) -> None:
    for kept_as in (letters.line, letters.lines):
        with pytest.raises(ValidationError, match=rf"After “a” .*control.*U\+{code:04X}"):
            kept_as(f"a{chr(code)}b")


def test_long_texts_keep_their_lines_and_what_other_scripts_need() -> None:
    text = "uno\r\n\tdos\u00a0tres \u2067\u05d0\u2069\u200b\n- cuatro "
    assert letters.lines(text) == text
    assert letters.lines("uno\x0bdos\u2028tres\x85cuatro\ufeff") == "uno\ndos\ntres\ncuatro"
    assert letters.lines("o\u0301") == "\u00f3"
    with pytest.raises(ValidationError, match="U\\+202E"):
        letters.lines("a\u202eb")


def test_services_hear_a_rule_with_its_field_in_their_language() -> None:
    with translation.override("es"), pytest.raises(RuleBroken, match="Después de «Ana»") as refusal:
        letters.name("Ana\u202e", field="name")
    assert refusal.value.field == "name"
    with pytest.raises(RuleBroken):
        letters.note("a\x1bb")
