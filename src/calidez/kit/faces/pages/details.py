"""One record: its title, state, steps and panels."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core.blocks import PanelSource
from calidez.kit.core.lifecycle import life_page
from calidez.kit.core.operations import Operation
from calidez.kit.core.trail import Look, events_of
from calidez.kit.desk.made_from import new_here
from calidez.kit.desk.panels import WHOLE, panels_for
from calidez.kit.desk.thread_past import of_then, values_then
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.faces.pages.past import look_of, past_panel
from calidez.kit.platform.display import Badge, Button, DetailPage, Panel


def detail(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    return render(
        request, "kit/detail.html", {"page": detail_page(request, entity, record), "record": record}
    )


def detail_page(request: HttpRequest, entity: Entity, record: Any, *, with_panels: bool = True) -> DetailPage:
    """The page as values; pages of a part that differ start from it, some without the panels and the life cycle."""
    user = request.user
    look = look_of(request) if with_panels and not entity.log else None
    past = past_panel(entity, record, look, user) if look is not None else None
    if past is None:
        look = None  # the event looked at is none of this record's
    panels = tuple(_panels(request, entity, record, look)) if with_panels else ()
    if look is not None and past is not None:
        panels = (past, *panels)
        state = _state_then(entity, record, look)
        primary: Button | None = Button(
            _("See it as it stands now"), entity.url(record), icon="arrow-back-up"
        )
        actions: tuple[Button, ...] = ()
    else:
        state = entity.state_badge(record)
        primary, actions = _buttons(entity, record, user)
    title = entity.title(record)
    code = getattr(record, "code", "") if entity.code else ""
    return DetailPage(
        key=entity.key,
        title=title,
        code=code,
        kind=entity.label[:1].upper() + entity.label[1:],
        state=state,
        primary=primary,
        actions=actions,
        panels=panels,
        crumbs=crumbs(entity),
        life=life_page(entity, record, user, lambda: events_of(record))
        if with_panels and look is None and not entity.log
        else None,
        on_url="" if entity.log else entity.url(record),
        on_kept=tuple((k, v) for k, v in request.GET.dict().items() if k not in {"on", "after", WHOLE}),
        on=look.day.isoformat() if look is not None else "",
        whole_url=_whole_url(request, entity, record) if any(p.later_url for p in panels) else "",
        renews=look is None and entity.renews(record),
    )


def panel(request: HttpRequest, slug: str, uid: uuid.UUID, key: str) -> HttpResponse:
    """One panel that its page fetches later; nothing where there is nothing to show."""
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    source = next((placed.source for placed in panels_for(entity) if placed.source.key == key), None)
    if source is None:
        raise Http404(_("There is no page at this address."))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{_whole_url(request, entity, record)}#panel-{key}")
    look = look_of(request)
    if look is not None and past_panel(entity, record, look, request.user) is None:
        look = None
    found = _built(source, request, entity, record, look)
    return render(request, "kit/_panel.html", {"panel": found}) if found is not None else HttpResponse()


def _panels(request: HttpRequest, entity: Entity, record: Any, look: Look | None) -> Iterator[Panel]:
    """The panels of the first screen, and places for the rest; all of them where everything is asked for at once."""
    whole = WHOLE in request.GET
    for placed in panels_for(entity):
        source = placed.source
        if placed.later and not whole:
            told = look is None or source.tells_the_past
            if told and source.expected(entity, record, request.user):
                url = reverse("kit:panel", args=[entity.slug, record.uid, source.key])
                asked = request.GET.urlencode()
                yield Panel(
                    source.key,
                    str(source.title),
                    "",
                    None,
                    source.place,
                    later_url=f"{url}?{asked}" if asked else url,
                )
        elif (found := _built(source, request, entity, record, look)) is not None:
            yield found


def _built(
    source: PanelSource, request: HttpRequest, entity: Entity, record: Any, look: Look | None
) -> Panel | None:
    if look is not None:
        return source.build_past(entity, record, request.user, look, request)
    return source.build(entity, record, request.user, request)


def _whole_url(request: HttpRequest, entity: Entity, record: Any) -> str:
    asked = request.GET.copy()
    asked[WHOLE] = "1"
    return f"{entity.url(record)}?{asked.urlencode()}"


def _state_then(entity: Entity, record: Any, look: Look) -> Badge | None:
    values = values_then(record, look)
    return entity.state_badge(of_then(record, values, ("state",))) if values is not None else None


def _buttons(entity: Entity, record: Any, user: Any) -> tuple[Button | None, tuple[Button, ...]]:
    """One primary step; under the three dots the rest, and what can be made from here. Only what this person can do."""
    primary: Button | None = None
    others: list[Button] = []
    for step in entity.steps:
        if not step.offered_to(record, user):
            continue
        button = _step_button(entity, record, step)
        if step.primary and primary is None:
            primary = button
        else:
            others.append(button)
    for button in entity.onward(record, user):
        if button.primary and primary is None:
            primary = button
        else:
            others.insert(0, replace(button, primary=False))
    edition = entity.edition
    if edition is not None and edition.open_for(record, user) and edition.permitted(record, user):
        url = reverse("kit:edit", args=[entity.slug, record.uid])
        edit = Button(_("Edit"), url, icon="edit", primary=primary is None)
        if primary is None:
            primary = edit
        else:
            others.insert(0, edit)
    led_to = primary.url if primary is not None else ""
    return primary, (*others, *(new for new in new_here(record, user) if new.url != led_to))


def _step_button(entity: Entity, record: Any, step: Operation) -> Button:
    url = reverse("kit:step", args=[entity.slug, record.uid, step.name])
    asks = bool(step.fields) or step.note
    return Button(
        str(step.label),
        url,
        method="get" if asks else "post",
        icon=step.icon,
        primary=step.primary,
        title="" if callable(step.help) else str(step.help),
    )
