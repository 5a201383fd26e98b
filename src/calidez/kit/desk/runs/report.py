"""What a run refused, as a table of its page and as a file: by record, or by row and column of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.desk.runs.models import Run, RunOutcome
from calidez.kit.platform.display import Cell, CellKind, Header, Row, Table

SHOWN_FAULTS = 500


def refused(run: Run) -> Any:
    return run.outcomes.exclude(sentence="").order_by("position")


def table(run: Run, entity: Any) -> Table:
    """The first of what was refused."""
    found = list(refused(run)[:SHOWN_FAULTS])
    if _of_file(run):
        heads = (Header(_("Row"), numeric=True), *map(Header, (_("Column"), _("Value"), _("What is wrong"))))
        return Table(heads, tuple(_cells(one) for one in found))
    list_url = entity.list_url()
    rows = (Row(f"{list_url}{o.record}/", (_text(o.label), _text(o.sentence)), o.label) for o in found)
    return Table((Header(_("Record")), Header(_("Why"))), tuple(rows))


def lines(run: Run) -> Iterator[list[Any]]:
    """All of it, for whoever mends the file or looks after what was refused."""
    outcomes = run.outcomes.order_by("position").iterator(chunk_size=1000)
    if _of_file(run):
        yield [_("Row"), _("Column"), _("Value"), _("What is wrong")]
        for one in outcomes:
            yield [one.row, one.column, one.value, one.sentence]
        return
    yield [_("Record"), _("Identifier"), _("Result"), _("Why")]
    for one in outcomes:
        yield [one.label, str(one.record), _("refused") if one.sentence else _("done"), one.sentence]


def _of_file(run: Run) -> bool:
    return run.outcomes.filter(row__isnull=False).exists()


def _cells(one: RunOutcome) -> Row:
    texts = (_text(one.column), _text(one.value[:60]), _text(one.sentence))
    return Row("", (Cell(CellKind.NUMBER, one.row), *texts))


def _text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value) if value else Cell(CellKind.EMPTY)
