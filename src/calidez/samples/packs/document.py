"""A file in YAML as plain values, with the line of each, refusing what YAML itself would let pass in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken

MOST_LETTERS = 2_000_000
# An alias may stand in many places: what it unfolds to is counted, so that a small file cannot become a huge one.
MOST_VALUES = 100_000
MOST_DIGITS = 100
PLAIN = frozenset({"tag:yaml.org,2002:str"})
Path = tuple[str | int, ...]
# The one in C where it is there: the same rules, ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place; `where` is said as people look for it, with the line where it is known."""

    where: str
    sentence: str
    line: int = 0


class PackRefused(RuleBroken):
    """All that is wrong with a file, so that it can be mended in one go."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        super().__init__("\n".join(told(name, fault) for fault in faults))


@dataclass
class Document:
    name: str
    values: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of the value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def told(name: str, fault: Fault) -> str:
    at = {"file": name, "line": fault.line, "where": fault.where, "what": fault.sentence}
    if fault.line and fault.where:
        return _("%(file)s, line %(line)s, %(where)s: %(what)s") % at
    if fault.line:
        return _("%(file)s, line %(line)s: %(what)s") % at
    return _("%(file)s, %(where)s: %(what)s") % at if fault.where else _("%(file)s: %(what)s") % at


def read_document(text: str, name: str) -> Document:
    """Only what safe_load knows: no tag of a file ever makes an object of the program."""
    if len(text) > MOST_LETTERS:
        raise PackRefused(name, [Fault("", _("It is too long for a starter pack."))])
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        walk = _Walk(loader, name)
        return Document(name, walk.value(node, ()) if node is not None else None, walk.lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackRefused(
            name, [Fault("", _("This is not YAML: %(reason)s.") % {"reason": error.problem}, line)]
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PackRefused(name, [Fault("", _("This is not YAML that can be read."))]) from error


class _Walk:
    def __init__(self, loader: Any, name: str) -> None:
        self.loader, self.name = loader, name
        self.lines: dict[Path, int] = {}
        self.count = 0

    def value(self, node: Any, path: Path) -> Any:
        self.count += 1
        if self.count > MOST_VALUES:
            raise PackRefused(self.name, [Fault("", _("It is too long for a starter pack."))])
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, place)) for place, one in enumerate(node.value)]
        if len(node.value) > MOST_DIGITS and node.tag not in PLAIN:
            return (
                node.value
            )  # no number, day or moment is that long, and reading one takes the square of its length
        return self.loader.construct_object(node)

    def _mapping(self, node: Any, path: Path) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                said = _("A name is needed here, and here stands a list or a group.")
                raise PackRefused(self.name, [Fault("", said, key_node.start_mark.line + 1)])
            # The word as it is written: “no” is a language here, not a refusal.
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                raise PackRefused(
                    self.name, [Fault("", _("“%(key)s” stands twice here.") % {"key": key}, line)]
                )
            found[key] = self.value(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return found
