"""What every command does before its work, and how it ends when something is wrong."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from calidez.config.speech import gettext as _


class Sentence(Exception):
    """What the operator must know or do; ends the command."""


def told(command: Callable[..., None]) -> Callable[..., None]:
    """What goes wrong in a command becomes a sentence and exit code 1; CALIDEZ_DEBUG=1 shows the traceback."""

    @functools.wraps(command)
    def told_command(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except (typer.Exit, BrokenPipeError):  # the last: whoever read what we say has gone
            raise
        except typer.Abort:
            typer.secho(_("Broken off."), fg="red", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except Exception as error:
            if os.environ.get("CALIDEZ_DEBUG") == "1":
                raise
            typer.secho(_sentence(error) or _noted(error), fg="red", err=True)
            raise typer.Exit(1) from None

    return told_command


def start(language: str, *, half_restored: bool = False) -> None:
    """Load Django once the settings are known to be sound; only a restore begins where another broke off."""
    from calidez.config import checks

    findings = checks.environment_findings() if not half_restored else checks.settings_findings()
    for finding in findings:
        if finding.serious:
            raise Sentence(finding.sentence)
    os.umask(0o077)  # the data folder holds what people wrote: no other account of the machine reads it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language)


def _sentence(error: BaseException) -> str | None:
    """None where only a developer can tell what happened."""
    if isinstance(error, Sentence):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _("The disk is full. Free some space and run the command again; nothing is half done.")
    if isinstance(error, PermissionError):
        return _("This account may not write %(path)s.") % {"path": error.filename}
    if "django" not in sys.modules:
        return None
    from django.conf import settings
    from django.db import DatabaseError, OperationalError

    from calidez.engine.errors import EngineError
    from calidez.kit.platform.errors import NotAllowed, RuleBroken

    if isinstance(error, (RuleBroken, NotAllowed, EngineError)):
        return str(error)
    if type(error) is DatabaseError and any(sign in str(error) for sign in ("malformed", "not a database")):
        from calidez.config.examining.embedded import damaged

        return damaged(settings.DATABASES["default"]["NAME"], str(error)).sentence
    if isinstance(error, OperationalError):
        reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
        return _("The database does not answer or refuses: %(reason)s") % {"reason": reason}
    return None


def _noted(error: BaseException) -> str:
    """An error that nobody foresaw: the details go to a file that can be sent along with a report."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="calidez-error-", suffix=".txt", delete=False) as file:
        file.write("".join(traceback.format_exception(error)))
    return _("Something unexpected happened (%(reason)s). The details are in %(path)s.") % {
        "reason": f"{type(error).__name__}: {error}"[:300],
        "path": file.name,
    }


def need_port(host: str, port: int) -> None:
    from calidez.config.serving import port_is_free

    if not port_is_free(host, port):
        raise Sentence(
            _(
                "Port %(port)s is already in use. Stop the other program, or choose another with --port %(next)s."
            )
            % {"port": port, "next": port + 1}
        )


def need_alone() -> None:
    """On the embedded database a second server of the folder is a mistake that nobody would notice; on PostgreSQL
    several servers may share everything."""
    from django.conf import settings

    from calidez.config.neighbours import refusal
    from calidez.config.serving import embedded
    from calidez.kit.platform import presence

    others = presence.present(Path(settings.RUNNING_DIR), presence.SERVER)
    if embedded() and others:
        raise Sentence(refusal(others[0]))


def pending() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_if_new() -> None:
    """An empty database holds nothing that could be lost: its tables are made without being asked for."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connection).applied_migrations():
        bring_up_to_date()


def need_migrated() -> None:
    if pending():
        raise Sentence(_("The database is not up to date. Run: calidez migrate"))
    from calidez.kit.core import verification

    if not verification.key_fits():
        raise Sentence(
            _(
                "The key of the audit trail is not the one that sealed it. Restore audit.key from a backup, or set CALIDEZ_AUDIT_KEY to the key that was used."
            )
        )


def bring_up_to_date() -> bool:
    from django.core.management import call_command

    behind = pending()
    if behind:
        call_command("migrate", interactive=False, verbosity=0)
    return behind
