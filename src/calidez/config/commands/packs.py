"""Starter packs: listed, loaded, written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from calidez.config import speech, terminal
from calidez.config.commands.shared import Acting, Language, UnitCode
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence, need_migrated, start, told

commands = Commands()


@commands.command(
    name="packs", help=_("List the starter packs: a policy, standards and indicators of a sector.")
)
@told
def list_packs(language: Language = None) -> None:
    start(speech.spoken())
    from calidez.config import packs

    terminal.show_table(
        _("Starter packs"),
        (_("Key"), _("Name"), _("What it brings")),
        packs.shipped(),
    )
    typer.echo(_("To load one: calidez import-pack KEY"))


@commands.command(
    name="import-pack", help=_("Load a starter pack into a unit; loading it again changes nothing.")
)
@told
def import_pack(
    source: Annotated[
        str, typer.Argument(metavar=_("PACK"), help=_("A file in YAML, or the key of a shipped pack."))
    ],
    unit: UnitCode = None,
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import packs

    if source.endswith((".yaml", ".yml")) and not Path(source).is_file():
        raise Sentence(_("There is no file %(path)s.") % {"path": source})
    done = packs.load(source, unit=unit, acting=acting, language=speech.spoken())
    terminal.show_table(
        _("What the starter pack brought"),
        (_("Kind"), _("Created"), _("Already there"), _("Left out")),
        packs.rows(done),
    )
    for why in dict.fromkeys(line.why for line in done.lines if line.why):
        typer.secho(why, fg="yellow")


@commands.command(
    help=_("Write what a unit has as a starter pack: policy, standards, indicators, objectives.")
)
@told
def export(
    output: Annotated[
        Path | None, typer.Argument(metavar=_("FILE"), help=_("The file to write (default: the terminal)."))
    ] = None,
    unit: UnitCode = None,
    pack: Annotated[str, typer.Option(help=_("Key of the pack (default: from the unit's name)."))] = "",
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import packs

    text = packs.export(unit=unit, acting=acting, key=pack)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    typer.echo(_("Written: %(path)s") % {"path": output})
