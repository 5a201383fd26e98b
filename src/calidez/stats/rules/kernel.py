"""The rules as shift registers: each register holds the recent history of one question, one bit a point.

One pass, no temporaries: a pattern is complete when the register under its mask shows it.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from .._types import Floats, Mask
from ..charts.core import ROUNDING
from .definitions import BITS, TOLERANCE, Rule


def evaluate(z: Floats, heights: Floats, rules: tuple[Rule, ...], partial: bool) -> Mask:
    """As `vectors.evaluate`, for arrays worth compiled code."""
    rows = np.ascontiguousarray(np.atleast_2d(z))
    levels = rows if heights is z else np.ascontiguousarray(np.atleast_2d(heights))
    mask = np.empty(rows.shape, dtype=np.uint16)
    count = rows.shape[0]
    _rules_over_rows(rows, levels, np.zeros(count), np.ones(count), 0.0, wanted_bits(rules), partial, mask)
    return mask.reshape(z.shape)


def limits_and_rules(values: Floats, rules: tuple[Rule, ...]) -> tuple[Floats, Floats, Mask]:
    """Mean, sigma from moving ranges and the mask of each row; NaN is a gap."""
    rows = np.ascontiguousarray(values)
    centre, range_mean = np.empty(rows.shape[0]), np.empty(rows.shape[0])
    _means_over_rows(rows, centre, range_mean)
    range_mean[range_mean <= ROUNDING * np.abs(centre)] = 0.0
    sigma: Floats = range_mean * (np.sqrt(np.pi) / 2)
    mask = np.empty(rows.shape, dtype=np.uint16)
    # What the mean of equal numbers misses them by is no distance.
    _rules_over_rows(rows, rows, centre, sigma, ROUNDING, wanted_bits(rules), False, mask)
    return centre, sigma, mask


def wanted_bits(rules: tuple[Rule, ...]) -> np.uint16:
    bits = 0
    for rule in rules:
        bits |= BITS[rule]
    return np.uint16(bits)


def _compiled(function: Callable[..., None]) -> Any:
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Nowhere to keep compiled code (a read-only installation): compile once per process.
        return numba.njit(nogil=True)(function)


_BEYOND_LIMITS = BITS[Rule.BEYOND_LIMITS]
_RUN_OF_SEVEN = BITS[Rule.RUN_OF_SEVEN]
_RUN_OF_EIGHT = BITS[Rule.RUN_OF_EIGHT]
_RUN_OF_NINE = BITS[Rule.RUN_OF_NINE]
_TREND_OF_SIX = BITS[Rule.TREND_OF_SIX]
_TREND_OF_SEVEN = BITS[Rule.TREND_OF_SEVEN]
_ALTERNATING = BITS[Rule.ALTERNATING]
_TWO_OF_THREE = BITS[Rule.TWO_OF_THREE]
_TWO_OF_THREE_ONE_SIDE = BITS[Rule.TWO_OF_THREE_ONE_SIDE]
_FOUR_OF_FIVE = BITS[Rule.FOUR_OF_FIVE]
_FIFTEEN_WITHIN = BITS[Rule.FIFTEEN_WITHIN]
_EIGHT_OUTSIDE = BITS[Rule.EIGHT_OUTSIDE]


@_compiled
def _means_over_rows(rows, centre, range_mean):  # type: ignore[no-untyped-def]
    """Mean and mean moving range of each row, in blocks so that long rows keep their digits."""
    for row in range(rows.shape[0]):
        total = range_total = 0.0
        count = ranges = 0
        before = np.nan
        for block in range(0, rows.shape[1], 4096):
            part = range_part = 0.0
            for i in range(block, min(block + 4096, rows.shape[1])):
                value = rows[row, i]
                if value == value:
                    part += value
                    count += 1
                    if before == before:
                        range_part += abs(value - before)
                        ranges += 1
                before = value
            total += part
            range_total += range_part
        centre[row] = total / count if count > 0 else np.nan
        range_mean[row] = range_total / ranges if ranges > 0 else np.nan


@_compiled
def _rules_over_rows(rows, heights, centres, sigmas, rounding, wanted, partial, mask):  # type: ignore[no-untyped-def]
    # Where windows may be partial, every window counts as full.
    fresh = np.uint32(0xFFFFFFFF) if partial else np.uint32(0)
    for row in range(rows.shape[0]):
        centre, sigma = centres[row], sigmas[row]
        varies = sigma > 0
        slack = TOLERANCE * sigma + rounding * abs(centre)
        high0, low0 = centre + slack, centre - slack
        high1, low1 = centre + sigma + slack, centre - sigma - slack
        high2, low2 = centre + 2 * sigma + slack, centre - 2 * sigma - slack
        high3, low3 = centre + 3 * sigma + slack, centre - 3 * sigma - slack
        a0 = a1 = a2 = b0 = b1 = b2 = za = zb = inside = up = down = np.uint32(0)
        known = fresh
        before = np.nan
        for i in range(rows.shape[1]):
            value = rows[row, i]
            if value != value:
                a0 = a1 = a2 = b0 = b1 = b2 = za = zb = inside = up = down = np.uint32(0)
                known = fresh
                before = np.nan
                mask[row, i] = 0
                continue
            height = heights[row, i]
            a0 = np.uint32((a0 << 1) | (value > high0))
            b0 = np.uint32((b0 << 1) | (value < low0))
            a1 = np.uint32((a1 << 1) | (value > high1))
            b1 = np.uint32((b1 << 1) | (value < low1))
            a2 = np.uint32((a2 << 1) | (value > high2))
            b2 = np.uint32((b2 << 1) | (value < low2))
            za = np.uint32((za << 1) | ((value > high2) & (value <= high3)))
            zb = np.uint32((zb << 1) | ((value < low2) & (value >= low3)))
            inside = np.uint32((inside << 1) | (varies & (value <= high1) & (value >= low1)))
            up = np.uint32((up << 1) | (varies & (height > before)))
            down = np.uint32((down << 1) | (varies & (height < before)))
            known = np.uint32((known << 1) | 1)
            before = height

            found = 0
            found |= _BEYOND_LIMITS * ((value > high3) | (value < low3))
            found |= _RUN_OF_SEVEN * (((a0 & 0x7F) == 0x7F) | ((b0 & 0x7F) == 0x7F))
            found |= _RUN_OF_EIGHT * (((a0 & 0xFF) == 0xFF) | ((b0 & 0xFF) == 0xFF))
            found |= _RUN_OF_NINE * (((a0 & 0x1FF) == 0x1FF) | ((b0 & 0x1FF) == 0x1FF))
            found |= _TREND_OF_SIX * (((up & 0x1F) == 0x1F) | ((down & 0x1F) == 0x1F))
            found |= _TREND_OF_SEVEN * (((up & 0x3F) == 0x3F) | ((down & 0x3F) == 0x3F))
            # Thirteen steps, each turning back the one before.
            u13, d13 = up & 0x1FFF, down & 0x1FFF
            found |= _ALTERNATING * (
                ((u13 == 0x1555) & (d13 == 0x0AAA)) | ((u13 == 0x0AAA) & (d13 == 0x1555))
            )
            full3 = (known & 7) == 7
            high = ((a2 & 1) != 0) & ((a2 & 6) != 0)
            low = ((b2 & 1) != 0) & ((b2 & 6) != 0)
            found |= _TWO_OF_THREE * (full3 & (high | low))
            # x & (x - 1) drops the lowest bit: something left means at least two.
            a3, b3 = za & 7, zb & 7
            high = ((a0 & 7) == 7) & ((a3 & (a3 - 1)) != 0) & (a3 != 0)
            low = ((b0 & 7) == 7) & ((b3 & (b3 - 1)) != 0) & (b3 != 0)
            found |= _TWO_OF_THREE_ONE_SIDE * (high | low)
            # At most one of five missing, and not the last.
            a5, b5 = ~a1 & 31, ~b1 & 31
            high = ((a1 & 1) != 0) & ((a5 & (a5 - 1)) == 0)
            low = ((b1 & 1) != 0) & ((b5 & (b5 - 1)) == 0)
            found |= _FOUR_OF_FIVE * (((known & 31) == 31) & (high | low))
            found |= _FIFTEEN_WITHIN * ((inside & 0x7FFF) == 0x7FFF)
            found |= _EIGHT_OUTSIDE * ((((a1 | b1) & 0xFF) == 0xFF) & ((a1 & 0xFF) != 0) & ((b1 & 0xFF) != 0))
            mask[row, i] = found & wanted
