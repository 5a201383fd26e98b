"""Capability of what is counted: the share that fails the promise, and how sure that share is."""

from dataclasses import dataclass

from scipy import special

from .indices import ENOUGH, Interval


@dataclass(frozen=True)
class ProportionCapability:
    """Share of cases outside the promise.

    `ppk` is the index of a normal process with the same share outside one limit (z / 3), `meets` whether the
    whole interval lies within the share allowed: None when the interval holds it and the question is open.
    """

    n: int
    share: float
    interval: Interval
    ppk: float
    allowed: float | None
    meets: bool | None
    stable: bool | None
    enough: bool
    confidence: float


def proportion(
    bad: float,
    n: float,
    *,
    allowed: float | None = None,
    confidence: float = 0.95,
    stable: bool | None = None,
) -> ProportionCapability:
    """Share bad/n with the exact interval of Clopper and Pearson (Biometrika 26, 1934)."""
    if n < 1 or not 0 <= bad <= n:
        raise ValueError(
            "capability of a proportion needs at least one case and no more bad cases than cases"
        )
    if allowed is not None and not 0 <= allowed < 1:
        raise ValueError("the share allowed lies between 0 and 1")
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    tail = (1 - confidence) / 2
    low = 0.0 if bad == 0 else float(special.betaincinv(bad, n - bad + 1, tail))
    high = 1.0 if bad == n else float(special.betaincinv(bad + 1, n - bad, 1 - tail))
    share = bad / n
    meets = None
    if allowed is not None and not low <= allowed <= high:
        meets = high < allowed
    return ProportionCapability(
        n=int(n),
        share=share,
        interval=Interval(low, high),
        ppk=-float(special.ndtri(share)) / 3,
        allowed=allowed,
        meets=meets,
        stable=stable,
        enough=n >= ENOUGH,
        confidence=confidence,
    )
