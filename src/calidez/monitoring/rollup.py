"""Along the tree of units: what every branch measured becomes what every unit above it measured."""

from __future__ import annotations


def write(version, table, dataset, *, whole):
    raise NotImplementedError
