"""How upper parts follow what is measured, of which monitoring knows nothing."""

from __future__ import annotations

from collections.abc import Callable

from calidez.monitoring.models import IndicatorVersion

# Called with the version that was measured or judged anew, in the same transaction: it must cost little.
Follower = Callable[[IndicatorVersion], object]
_followers: list[Follower] = []


def follow_measuring(follower: Follower) -> None:
    _followers.append(follower)


def measured(version: IndicatorVersion) -> None:
    for follower in _followers:
        follower(version)
