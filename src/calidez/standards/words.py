"""A target as people say it, the same on every page."""

from __future__ import annotations

from django.utils.formats import number_format

from calidez.standards.models import Standard


def target_words(value: float, measured_in: str) -> str:
    """“95 %”: a target without empty decimals."""
    number = int(value) if value == int(value) else round(value, 6)
    return f"{number_format(number)} {measured_in}".strip()


def target_sentence(standard: Standard) -> str:
    """“at least 95 %”; empty where the standard has no target yet."""
    if standard.target is None:
        return ""
    return f"{standard.get_direction_display()} {target_words(standard.target, standard.measured_in)}"
