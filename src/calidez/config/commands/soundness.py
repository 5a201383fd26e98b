"""Whether the installation is well, and its audit trail what was sealed."""

from __future__ import annotations

from typing import Annotated

import typer

from calidez.config import speech
from calidez.config.commands.shared import Acting, Host, Language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import need_migrated, start, told

commands = Commands()


@commands.command(
    help=_("Check settings, database, data, files, mail and port, with a sentence for each mistake.")
)
@told
def check(
    deep: Annotated[
        bool, typer.Option("--deep", help=_("Read every byte of database, datasets and files."))
    ] = False,
    port: Annotated[
        int | None, typer.Option(help=_("Also whether this port can be served."), min=1, max=65535)
    ] = None,
    host: Host = "127.0.0.1",
    send_to: Annotated[str, typer.Option(help=_("Send a test mail to this address."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("Answer in JSON, for programs."))] = False,
    language: Language = None,
) -> None:
    from calidez.config import checking
    from calidez.config.examining.asked import Asked

    looked = checking.look(Asked(deep, host, port or 0, send_to), speech.spoken())
    typer.echo(looked.as_json() if as_json else looked.in_colours())
    if not looked.sound:
        raise typer.Exit(1)


@commands.command(help=_("Walk the audit trail and name the first broken link."))
@told
def verify(
    head: Annotated[str, typer.Option(help=_("A head noted earlier, on paper or in a report."))] = "",
    events: Annotated[int | None, typer.Option(help=_("The number of events noted with it."))] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            help=_("Why events are missing, such as an older copy put back; the trail says so ever after.")
        ),
    ] = None,
    acting: Acting = None,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.config import trail
    from calidez.kit.core import verification

    trail.need_noted(head, events)
    if accept is not None:
        typer.echo(trail.accept(accept, acting))
        return
    for line in trail.told(verification.verify(expected_head=head, expected_events=events)):
        typer.echo(line)
