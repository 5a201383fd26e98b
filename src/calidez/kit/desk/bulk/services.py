"""Asking for a step on many records, and doing it: every record by its own operation, in its own transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.desk.bulk.offers import Offer, find
from calidez.kit.desk.forms import record_form, values_of
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.lists.selecting import narrowed, order
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run, RunOutcome
from calidez.kit.platform.errors import NotAllowed, RuleBroken, VersionConflict
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import report_progress

WORK = "bulk"
MOST_RECORDS = 20_000
KEPT = dt.timedelta(days=90)
Pick = tuple[str, int | None]


def form_for(entity: Any, offer: Offer, user: Any, data: Any = None) -> Any:
    """What the step asks, once for all records."""
    return record_form(entity, offer.fields, user, data=data, note=offer.operation.note)


def picked(texts: Sequence[str]) -> list[Pick]:
    """`uid:version` as the boxes of the rows send them; anything else is ignored."""
    found: dict[str, int | None] = {}
    for text in texts:
        name, _colon, version = text.partition(":")
        try:
            found[str(uuid.UUID(name))] = int(version) if version.isdecimal() else None
        except ValueError:
            continue
    return list(found.items())


def all_of(entity: Any, user: Any, query: ListQuery) -> list[Pick]:
    """Everything that the list shows on all its pages, in its order."""
    records = narrowed(entity, user, query).order_by(*order(entity, query))
    found: list[Pick] = [
        (str(uid), None) for uid in records.values_list("uid", flat=True)[: MOST_RECORDS + 1]
    ]
    if len(found) > MOST_RECORDS:
        raise RuleBroken(
            _("One step takes no more than %(count)s records: narrow the list first.")
            % {"count": number(MOST_RECORDS)}
        )
    return found


def ask(
    entity: Any, offer: Offer, picks: Sequence[Pick], answers: Mapping[str, list[str]], *, by: Any
) -> Run:
    """`answers` are the form's own texts; a pick has no version where the person did not see the record itself."""
    asked = {
        "action": offer.key,
        "answers": {name: list(values) for name, values in answers.items()},
        "picks": [list(pick) for pick in picks],
    }
    return runs.ask(WORK, entity, by=by, keep=KEPT, asked=asked)


def carry_out(run: Run) -> None:
    """Do what is not done yet; what a record refuses is noted and holds up none of the others."""
    entity = catalog.by_key(run.kind)
    offer = find(entity, run.person, run.asked["action"]) if entity is not None else None
    done = set(run.outcomes.values_list("position", flat=True))
    values, note = _answers(entity, offer, run)
    picks = run.asked["picks"]
    for position, (uid, version) in enumerate(picks):
        if position in done:
            continue
        _one(run, position, uid, version, entity, offer, values, note)
        report_progress(position + 1, len(picks))
    runs.finish(run)


def _answers(entity: Any, offer: Offer | None, run: Run) -> tuple[dict[str, Any], str]:
    if entity is None or offer is None:
        return {}, ""
    form = form_for(entity, offer, run.person, data=MultiValueDict(run.asked["answers"]))
    if not form.is_valid():
        # Somebody took away meanwhile what was chosen; each record then says what it lacks.
        return {name: value for name, value in form.cleaned_data.items() if name != "note"}, ""
    return values_of(form), form.cleaned_data.get("note", "")


def _one(
    run: Run,
    position: int,
    uid: str,
    version: int | None,
    entity: Any,
    offer: Offer | None,
    values: Mapping[str, Any],
    note: str,
) -> None:
    record = entity.queryset(run.person).filter(uid=uid).first() if entity is not None else None
    label = str(record)[:300] if record is not None else "–"
    refusal = ""
    if record is None:
        refusal = _("It is no longer there, or you may no longer see it.")
    elif offer is None:
        refusal = _("You may no longer do this.")
    else:
        try:
            with transaction.atomic():
                offer.operation(record, by=run.person, version=version, note=note, **values)
                RunOutcome.objects.create(run=run, position=position, record=uid, label=label)
        except (RuleBroken, NotAllowed) as refused:
            refusal = str(refused)
        except VersionConflict:
            refusal = _changed(record)
    if refusal:
        RunOutcome.objects.create(run=run, position=position, record=uid, label=label, sentence=refusal)


def _changed(record: Any) -> str:
    last = audit.history(record, limit=1)
    return _("%(person)s changed it after you opened the list: look at it first.") % {
        "person": last[0].actor if last and last[0].actor else _("Somebody")
    }
