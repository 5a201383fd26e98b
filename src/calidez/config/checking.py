"""All that `calidez check` finds, in the order in which it can be found, and how it is told to people and to programs."""

from __future__ import annotations

import json
from dataclasses import dataclass

import typer

from calidez.config import checks
from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.config.speech import ngettext
from calidez.config.starting import pending
from calidez.config.visiting import visiting

Found = tuple[str, Finding]


@dataclass(frozen=True)
class Looked:
    """What was found, each with the name of what was looked at; `here` says who works on the data folder."""

    found: tuple[Found, ...]
    here: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not any(finding.serious for _about, finding in self.found)

    def as_json(self) -> str:
        found = [
            {"about": about, "serious": finding.serious, "sentence": finding.sentence}
            for about, finding in self.found
        ]
        return json.dumps({"ok": self.sound, "found": found, "here": self.here}, ensure_ascii=False, indent=2)

    def in_colours(self) -> str:
        lines = [*self.here, *(_coloured(finding) for _about, finding in self.found)]
        if self.sound:
            count = len(self.found)
            lines.append(
                ngettext("No mistakes, %(count)s note.", "No mistakes, %(count)s notes.", count)
                % {"count": count}
                if count
                else _("Everything that was checked is in order.")
            )
        return "\n".join(lines)


def look(asked: Asked, language: str) -> Looked:
    """What keeps the program from starting is told alone: the rest could not be looked at."""
    found: list[Found] = [("settings", finding) for finding in checks.environment_findings()]
    if _sound(found):
        found += [("database", finding) for finding in checks.database_findings(deep=asked.deep)]
    if not _sound(found):
        return Looked(tuple(found))
    with visiting(language):
        if pending():
            migrate = Finding(_("The database is not up to date. Run: calidez migrate"))
            return Looked((*found, ("database", migrate)))
        from calidez.config.examining import folder
        from calidez.config.examining.examinations import examine

        return Looked((*found, *examine(asked)), tuple(folder.here()))


def _sound(found: list[Found]) -> bool:
    return not any(finding.serious for _about, finding in found)


def _coloured(finding: Finding) -> str:
    mark = _("Error:") if finding.serious else _("Note:")
    return typer.style(f"{mark} {finding.sentence}", fg="red" if finding.serious else "yellow")
