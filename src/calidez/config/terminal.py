"""How the command line shows progress, reports and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from calidez.config.speech import gettext as _


@contextmanager
def progress(title: str) -> Iterator[None]:
    """A bar that follows `report_progress`, wherever below it is called."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from calidez.kit.platform.jobs import progress_to

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
    )
    if not console.is_terminal:
        typer.echo(f"{title} …", err=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None, said="")

        def listen(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total or None, said=text)

        with progress_to(listen):
            yield


def show_report(report: Any, *, dry_run: bool) -> None:
    if report.already_loaded:
        typer.echo(_("This file was loaded before; nothing changed."))
        return
    rows = [
        (_("Rows read"), number(report.rows_read)),
        (_("Checked, not loaded") if dry_run else _("Rows loaded"), number(report.rows_loaded)),
        (_("Repeated in the file"), number(report.rows_repeated)),
        (_("Already known"), number(report.rows_known)),
        (_("Rejected"), number(report.rows_rejected)),
    ]
    show_table(_("Report"), (_("What"), _("Rows")), rows)
    from calidez.monitoring.loading.report import clocks, reason

    for sentence in clocks(report):
        typer.echo(sentence)
    for code, count in report.reasons.items():
        typer.echo(f"  {reason(code)} {number(count)}")
    if report.unknown_branches:
        names = ", ".join(list(report.unknown_branches)[:10])
        typer.echo(_("Units that the organisation does not have: %(names)s") % {"names": names})
    if report.reject_file:
        typer.echo(_("Rejected rows with their reasons: %(path)s") % {"path": report.reject_file})


def ask_secret(title: str, *, twice: bool) -> str:
    """Never shown; typed a second time where a slip would lock people out."""
    while True:
        given = str(typer.prompt(title, hide_input=True))
        if not twice or given == typer.prompt(_("Once more"), hide_input=True):
            return given
        typer.secho(_("The two are not the same. Type it again."), fg="red", err=True)


def number(value: int) -> str:
    """With the separators of the language that the command speaks."""
    from django.utils.formats import number_format

    return str(number_format(value, use_l10n=True, force_grouping=True))


def show_table(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
