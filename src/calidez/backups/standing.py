"""How the installation stands with its backups, as sentences and rows for the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.backups.keeping import EVERY
from calidez.backups.retention import Plan
from calidez.backups.shelf import Kept
from calidez.kit.platform.display import Badge, Cell, CellKind, Header, Row, Tone
from calidez.kit.platform.formats import ago, moment, number

# One missed night may be a restart; two are a fault.
TOO_OLD = 2 * EVERY


@dataclass(frozen=True)
class Notice:
    tone: Tone
    text: str


@dataclass(frozen=True)
class Fact:
    label: str
    cell: Cell
    help: str = ""


def notices(folder: Path | None, there: bool, kept: tuple[Kept, ...], now: dt.datetime) -> tuple[Notice, ...]:
    """What is not as it should be, the gravest first."""
    if folder is None:
        return (
            Notice(
                Tone.BAD,
                _(
                    "No backups are made: a broken disk would take everything. Name a folder on another disk in CALIDEZ_BACKUP_DIR and start the program again."
                ),
            ),
        )
    if not there:
        gone = Notice(
            Tone.BAD,
            _("The folder for backups %(path)s is not there. Is its disk connected?") % {"path": folder},
        )
        return (gone, *_too_old(kept, now))
    if not kept:
        return (
            Notice(
                Tone.BAD,
                _(
                    "There is no backup yet. The first is made tonight; to make one now, press “Back up now” on the page of backups, or run: calidez backup FILE"
                ),
            ),
        )
    return tuple(_about(kept, now))


def _about(kept: tuple[Kept, ...], now: dt.datetime) -> list[Notice]:
    newest, found = kept[0], _too_old(kept, now)
    tried = next((one.trial for one in kept if one.trial is not None), None)
    if tried is None:
        found.append(
            Notice(Tone.CONCERN, _("No backup has been tried yet. Only what was restored is proved."))
        )
    elif tried.equal is False:
        found.append(Notice(Tone.BAD, tried.said))
    elif tried.equal is None:
        found.append(Notice(Tone.CONCERN, tried.said))
    if newest.missing:
        found.append(
            Notice(
                Tone.CONCERN,
                ngettext(
                    "%(count)s file that a record names was missing on the disk when the last backup was made.",
                    "%(count)s files that records name were missing on the disk when the last backup was made.",
                    newest.missing,
                )
                % {"count": number(newest.missing)},
            )
        )
    return found


def _too_old(kept: tuple[Kept, ...], now: dt.datetime) -> list[Notice]:
    if not kept or now - kept[0].made_at <= TOO_OLD:
        return []
    said = _("The last backup was made %(ago)s, and one should be made every day.")
    return [Notice(Tone.BAD, said % {"ago": ago(kept[0].made_at)})]


def how_many(plan: Plan) -> str:
    """What stays, as people say it."""
    pieces = (
        (plan.days, ngettext("%(count)s daily", "%(count)s daily", plan.days)),
        (plan.weeks, ngettext("%(count)s weekly", "%(count)s weekly", plan.weeks)),
        (plan.months, ngettext("%(count)s monthly", "%(count)s monthly", plan.months)),
    )
    return ", ".join(said % {"count": number(count)} for count, said in pieces if count)


def facts(folder: Path | None, kept: tuple[Kept, ...]) -> tuple[Fact, ...]:
    if folder is None or not kept:
        return ()
    newest = kept[0]
    found = [
        Fact(_("Last backup"), _text(f"{ago(newest.made_at)} · {moment(newest.made_at)}")),
        Fact(_("It holds"), _text(holds(newest))),
        Fact(_("Size"), _text(filesizeformat(newest.size))),
        Fact(_("Encryption"), Cell(CellKind.BADGE, encrypted(newest))),
        Fact(_("Where"), _text(str(newest.path))),
        Fact(
            _("SHA-256 of the file"),
            _text(newest.sha256),
            _("To be noted elsewhere: it shows that nobody changed the file."),
        ),
    ]
    tried = next((one for one in kept if one.trial is not None and one.trial.equal is not None), None)
    if tried is not None and tried.trial is not None:
        when = f"{ago(tried.trial.at)} · {moment(tried.trial.at)}"
        found.append(Fact(_("Last restored to prove it"), _text(when)))
        found.append(Fact(_("Result"), Cell(CellKind.BADGE, proved(tried)), tried.trial.said or _what(tried)))
    return tuple(found)


def holds(one: Kept) -> str:
    pieces = (
        ngettext("%(count)s record", "%(count)s records", one.rows) % {"count": number(one.rows)},
        ngettext("%(count)s fact", "%(count)s facts", one.facts) % {"count": number(one.facts)},
        ngettext("%(count)s file", "%(count)s files", one.files) % {"count": number(one.files)},
    )
    return " · ".join(pieces)


def encrypted(one: Kept) -> Badge:
    """In words that need no heading: on a phone there is none."""
    if one.locked:
        return Badge(_("Encrypted"), Tone.GOOD, "lock")
    return Badge(_("Not encrypted"), Tone.CONCERN, "lock-open")


def proved(one: Kept) -> Badge:
    if one.trial is None:
        return Badge(_("Not tried"), Tone.QUIET)
    if one.trial.equal is None:
        return Badge(_("Cannot be opened here"), Tone.CONCERN)
    return Badge(_("Equal"), Tone.GOOD) if one.trial.equal else Badge(_("Not equal"), Tone.BAD)


def headers() -> tuple[Header, ...]:
    return (
        Header(_("Made")),
        Header(_("Size"), numeric=True),
        Header(_("Encryption")),
        Header(_("It holds")),
        Header(_("Tried")),
    )


def rows(kept: tuple[Kept, ...]) -> tuple[Row, ...]:
    return tuple(
        Row(
            "",
            (
                _text(moment(one.made_at)),
                _text(filesizeformat(one.size)),
                Cell(CellKind.BADGE, encrypted(one)),
                _text(holds(one)),
                Cell(CellKind.BADGE, proved(one)),
            ),
        )
        for one in kept
    )


def _what(one: Kept) -> str:
    assert one.trial is not None
    return _(
        "All %(rows)s records, %(facts)s facts and %(files)s files had the digests that the archive says, after %(seconds)s seconds."
    ) % {
        "rows": number(one.trial.rows),
        "facts": number(one.trial.facts),
        "files": number(one.trial.files),
        "seconds": number(round(one.trial.seconds)),
    }


def _text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value)
