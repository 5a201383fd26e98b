"""What the command line does with backups: asks for keys, shows how far it is, and says what came of it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from calidez.config import terminal
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence

if TYPE_CHECKING:
    from calidez.backups.archive import locks
    from calidez.backups.archive.manifest import Manifest
    from calidez.backups.restoring import Restored

VARIABLE = "CALIDEZ_BACKUP_PASSPHRASE"
SHORTEST = 12


def lock(recipients: Sequence[str], *, passphrase: bool, file: Path | None) -> locks.Lock:
    """What encrypts the new archive; a passphrase is asked for twice, and never stands on the command line."""
    from calidez.backups.archive import locks

    if recipients:
        return locks.Recipients(tuple(recipients))
    words = _words(file, ask=passphrase, twice=True)
    if not words:
        return None
    if len(words) < SHORTEST:
        raise Sentence(
            _("The passphrase is too short to protect anything: take at least %(count)s characters.")
            % {"count": SHORTEST}
        )
    return locks.Passphrase(words)


def keys(identity: Path | None, *, passphrase: bool, file: Path | None) -> locks.Keys:
    from calidez.backups.archive import locks

    if identity is not None:
        return locks.Keys.of_file(identity)
    return locks.Keys(passphrase=_words(file, ask=passphrase, twice=False))


def back_up(file: Path, lock: locks.Lock, *, replace: bool) -> None:
    from calidez.backups import making, place

    with terminal.progress(_("Writing %(file)s") % {"file": file.name}):
        made = making.back_up(place.here(), file.absolute(), lock, replace=replace, told=_progress())
    _show(made.manifest)
    _warn(made.manifest)
    typer.echo(
        _("Written: %(path)s (%(size)s bytes, SHA-256 %(digest)s)")
        % {"path": file, "size": terminal.number(made.size), "digest": made.sha256}
    )
    if not made.locked:
        typer.secho(
            _(
                "It is not encrypted and holds the keys of the seals: keep it as safe as the data folder itself."
            ),
            fg="yellow",
        )


def check(file: Path, keys: locks.Keys) -> None:
    from calidez.backups.archive import reading, writing

    with terminal.progress(_("Reading %(file)s") % {"file": file.name}):
        manifest = reading.judge(file, keys)
    _show(manifest)
    _warn(manifest)
    typer.echo(
        _("The archive is whole: every file in it is as it was written (SHA-256 %(digest)s).")
        % {"digest": writing.digest_of(file)}
    )


def restore(file: Path, keys: locks.Keys, *, begin_again: bool) -> Restored:
    from calidez.backups import place, restoring

    with terminal.progress(_("Restoring %(file)s") % {"file": file.name}):
        return restoring.restore(
            place.here(), file.absolute(), keys, begin_again=begin_again, told=_progress()
        )


def show_restored(done: Restored, language: str) -> None:
    from calidez.config import compared

    _show(done.manifest)
    _warn(done.manifest)
    for one in done.different:
        said = _("%(name)s is not what the archive holds.") % {"name": compared.named(one)}
        typer.secho(said, fg="red", err=True)
    if not done.equal:
        raise Sentence(
            _(
                "The restored data differ from the archive, so nothing is served from here. Begin again on another disk."
            )
        )
    terminal.show_table(_("What was restored"), compared.headings(), compared.rows(done.compared))
    typer.echo(
        _("Equal: every table, dataset and file was read again and has the digest that the archive says.")
    )
    if done.migrated:
        typer.echo(_("The database was brought up to date."))
    _verify(language)


def _verify(language: str) -> None:
    """By a process of its own: this one was started with the key that the empty folder had."""
    command = [sys.executable, "-m", "calidez.config.cli", "verify", "--language", language]
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def _words(file: Path | None, *, ask: bool, twice: bool) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").splitlines()[0].strip()
        except (OSError, IndexError, UnicodeDecodeError):
            raise Sentence(_("No passphrase can be read from %(path)s.") % {"path": file}) from None
    if not ask:
        return ""
    given = os.environ.get(VARIABLE, "")
    return given or terminal.ask_secret(_("Passphrase"), twice=twice)


def _progress() -> Callable[[int, int, str], None]:
    from calidez.kit.platform.jobs import report_progress

    return report_progress


def _show(manifest: Manifest) -> None:
    from django.utils import timezone

    from calidez.kit.platform import formats

    made = formats.moment(dt.datetime.fromisoformat(manifest.made_at))
    rows = [
        (_("Made"), f"{made} ({timezone.get_current_timezone_name()})"),
        (_("By version"), manifest.program),
        (_("From"), {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(manifest.database, "?")),
        (_("Tables"), terminal.number(len(manifest.tables))),
        (_("Records and rows of theirs"), terminal.number(manifest.rows)),
        (_("Datasets"), terminal.number(len(manifest.datasets))),
        (_("Facts in them"), terminal.number(sum(one.rows for one in manifest.datasets))),
        (_("Files"), terminal.number(len(manifest.files))),
    ]
    terminal.show_table(_("The archive"), (_("What"), _("How much")), rows)
    typer.echo(_("Digest of the content: %(digest)s") % {"digest": manifest.digest})


def _warn(manifest: Manifest) -> None:
    for name in manifest.missing[:10]:
        typer.secho(
            _("Missing on the disk when the archive was made, though a record names it: %(name)s")
            % {"name": name},
            fg="yellow",
        )
