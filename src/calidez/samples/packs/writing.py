"""Values as YAML that people like to read: their order kept, long texts over several lines, short groups on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 110
HEAD = (
    "# A starter pack of Calidez. A text is either one text or one in each language: {es: …, en: …}.\n"
    "# Load it with: calidez import-pack FILE\n"
)


class Inline(dict[str, Any]):
    """A group written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Entries of a list stand further in than the word that names the list."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(values: Mapping[str, Any]) -> str:
    return HEAD + yaml.dump(
        dict(values),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
        default_flow_style=False,
    )


def _text(dumper: yaml.SafeDumper, text: str) -> Any:
    style = "|" if "\n" in text.strip("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _inline(dumper: yaml.SafeDumper, group: Inline) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", group.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Inline, _inline)
