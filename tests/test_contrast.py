"""The colours are promises to people with weak sight or a pale projector, so they are computed, not judged by eye."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "src" / "calidez" / "static" / "css" / "tokens.css"

GROUNDS = ("ground", "surface", "sunk")
TEXTS = ("text", "quiet", "brand", "brand-hover", "good-text", "concern-text", "bad-text")
SOFT = (
    ("good-text", "good-soft"),
    ("concern-text", "concern-soft"),
    ("bad-text", "bad-soft"),
    ("text", "neutral-soft"),
    ("quiet", "neutral-soft"),
    ("brand", "brand-soft"),
    ("text", "brand-soft"),
)
MARKS = ("good", "concern", "bad", "ordinary", "field-line", "limit", "target", "focus", "data", "brand")
MARKS += tuple(f"series-{n}" for n in range(1, 7))


def themes() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    light = _colours(css.split(":root {", 1)[1].split("}", 1)[0])
    dark = _colours(css.split('[data-bs-theme="dark"] {', 1)[1].split("}", 1)[0])
    return {"light": light, "dark": light | dark}


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--c-([a-z0-9-]+): (#[0-9a-f]{6});", block))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_on_every_ground(theme: str) -> None:
    tokens = themes()[theme]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + list(SOFT)
    pairs += [("on-brand", "brand"), ("on-brand", "brand-hover"), ("text", "line")]
    assert not _below(tokens, pairs, 4.5)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_field_edges_stand_out(theme: str) -> None:
    tokens = themes()[theme]
    pairs = [(mark, ground) for mark in MARKS for ground in ("ground", "surface")]
    pairs += [("on-tone", tone) for tone in ("good", "concern", "bad", "ordinary")]
    assert not _below(tokens, pairs, 3.0)


def test_both_themes_name_the_same_colours() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    light = _colours(css.split(":root {", 1)[1].split("}", 1)[0])
    dark = _colours(css.split('[data-bs-theme="dark"] {', 1)[1].split("}", 1)[0])
    assert light.keys() == dark.keys()


def _below(tokens: dict[str, str], pairs: list[tuple[str, str]], least: float) -> list[str]:
    ratios = [(a, b, contrast(tokens[a], tokens[b])) for a, b in pairs]
    return [f"{a} on {b}: {ratio:.2f}" for a, b, ratio in ratios if ratio < least]
