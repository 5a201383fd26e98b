"""Facts from files, and the indicators computed from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from calidez.config import speech, terminal
from calidez.config.commands.shared import Language
from calidez.config.help_words import Commands
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence, need_migrated, start, told

commands = Commands()


@commands.command(name="import", help=_("Load a file of service facts into a dataset."))
@told
def import_file(
    file: Annotated[
        Path, typer.Argument(metavar=_("FILE"), help=_("The file: CSV, XLSX, Parquet or JSON lines."))
    ],
    dataset: Annotated[str, typer.Option(help=_("Code of the dataset that receives the rows."))],
    mapping: Annotated[
        Path | None,
        typer.Option(
            help=_(
                "JSON file that says how the file is read (default: as the last time); the page of any load offers one."
            )
        ),
    ] = None,
    acting: Annotated[
        str | None, typer.Option("--as", help=_("E-mail of who loads it (default: an administrator)."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check the file and load nothing."))] = False,
    language: Language = None,
) -> None:
    for path in filter(None, (file, mapping)):
        if not path.is_file():
            raise Sentence(_("There is no file %(path)s.") % {"path": path})
    start(speech.spoken())
    need_migrated()
    from calidez.config import accounts
    from calidez.engine.report import LoadReport
    from calidez.monitoring.loading import services as imports

    columns = _columns(mapping) if mapping else None
    by = accounts.find(acting) if acting else accounts.administrator()
    with terminal.progress(_("Loading %(file)s") % {"file": file.name}):
        done = imports.import_file(file.resolve(), dataset=dataset, mapping=columns, dry_run=dry_run, by=by)
    report = LoadReport.from_json(done.report)
    terminal.show_report(report, dry_run=dry_run)
    if report.rows_loaded and not dry_run:
        typer.echo(_("The worker computes the indicators; to do it now: calidez measure"))
    if report.rows_read and report.rows_rejected == report.rows_read:
        raise typer.Exit(1)


def _columns(mapping: Path) -> Any:
    from calidez.kit.platform.errors import RuleBroken
    from calidez.monitoring.loading.services import given_mapping

    try:
        return given_mapping(mapping.read_bytes())
    except (RuleBroken, OSError) as reason:
        raise Sentence(
            _("The mapping %(path)s cannot be read: %(reason)s") % {"path": mapping, "reason": reason}
        ) from None


@commands.command(help=_("Compute indicators: those with new facts, one, or all of them."))
@told
def measure(
    indicator: Annotated[str | None, typer.Option(help=_("Code of the only indicator to compute."))] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Compute also those without new facts."))
    ] = False,
    language: Language = None,
) -> None:
    start(speech.spoken())
    need_migrated()
    from calidez.monitoring.models import Indicator
    from calidez.monitoring.services import measure as compute
    from calidez.monitoring.services import measure_new

    chosen = Indicator.objects.filter(state=Indicator.State.ACTIVE)
    if indicator:
        chosen = Indicator.objects.filter(code=indicator)
        if not chosen.exists():
            raise Sentence(_("There is no indicator with the code %(code)s.") % {"code": indicator})
    with terminal.progress(_("Computing indicators")):
        measured = compute(chosen) if everything or indicator else measure_new(chosen)
    typer.echo(_("%(count)s charts were measured anew.") % {"count": terminal.number(measured)})
