"""Everything in one archive, and back into an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from calidez.config import speech
from calidez.config.commands.shared import Language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence, start, told

commands = Commands()
Identity = Annotated[
    Path | None, typer.Option(help=_("File with the private key of age that opens the archive."))
]
Passphrase = Annotated[
    bool,
    typer.Option("--passphrase", help=_("Ask for a passphrase (or take that of CALIDEZ_BACKUP_PASSPHRASE).")),
]
PassphraseFile = Annotated[Path | None, typer.Option(help=_("File whose first line is the passphrase."))]


@commands.command(help=_("Write one archive of database, datasets, files and keys, while people work."))
@told
def backup(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The archive to write, such as calidez.tar."))
    ],
    recipient: Annotated[
        list[str] | None,
        typer.Option(help=_("Encrypt it to this public key of age (age1…); may be given several times.")),
    ] = None,
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
    identity: Identity = None,
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file of this name."))] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help=_("Only read an archive that is there, and say whether it is whole.")),
    ] = False,
    language: Language = None,
) -> None:
    from calidez.config import copies
    from calidez.config.visiting import visiting

    if recipient and (passphrase or passphrase_file) and not check:
        raise Sentence(_("Choose one: encrypt to a public key with --recipient, or by a passphrase."))
    if check:
        with visiting(speech.spoken()):
            copies.check(file, copies.keys(identity, passphrase=passphrase, file=passphrase_file))
        return
    start(speech.spoken())
    lock = copies.lock(recipient or (), passphrase=passphrase, file=passphrase_file)
    copies.back_up(file, lock, replace=force)


@commands.command(help=_("Fill an empty data folder and an empty database from an archive."))
@told
def restore(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The archive that calidez backup wrote."))
    ],
    identity: Identity = None,
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
    begin_again: Annotated[
        bool,
        typer.Option("--begin-again", help=_("Empty a place where a restore broke off, and begin anew.")),
    ] = False,
    language: Language = None,
) -> None:
    from calidez.config import copies
    from calidez.config.visiting import visiting

    with visiting(speech.spoken(), half_restored=True):
        keys = copies.keys(identity, passphrase=passphrase, file=passphrase_file)
        done = copies.restore(file, keys, begin_again=begin_again)
    copies.show_restored(done, speech.spoken())
