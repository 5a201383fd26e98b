"""Calls short of the promise until May and on it since: what the service can do now is told from May on, on every page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.truth.story import SHARE, Promised, Story, Words, drawn_shares, weekdays

WHEN = list(weekdays(dt.date(2025, 9, 29), 300))
SINCE = dt.date(2026, 5, 18)
ROWS = drawn_shares(WHEN, [0.904 if day < SINCE else 0.938 for day in WHEN], 158, seed=9)


def numbers(told: Any) -> None:
    assert told.standing.assurance == "hit_and_miss"  # of single days
    assert len(told.standing.demonstrated) == 60
    assert told.standing.beyond is False


STORY = Story(
    about="change of level",
    rows=ROWS,
    indicator={**SHARE, "name": "Answered", "period": "day"},
    promised=Promised(93, starts=dt.date(2026, 1, 1)),
    today=dt.date(2026, 11, 21),
    numbers=numbers,
    says={
        "chart": Words(
            es=("meta del 93 % alcanzada en", "días desde el", "Cumplida el 20 nov 2026"),
            en=("target of 93% met in", "days since", "Kept on 20 Nov 2026"),
            never_es=("cumplida desde",),
            never_en=("on the target of 93% since",),
        ),
        "promise": Words(
            es=(
                "Contando todos los casos, el servicio puede cumplir la promesa tal como funciona ahora",
                "may 2026 a 20 nov 2026",
                "hacia entonces cambió el nivel",
                "Período a período se ve otra cosa",
                "Promesa: al menos 93 % · 1 ene 2026 a 20 nov 2026",
            ),
            en=(
                "Over all cases the service can keep the promise as it works now",
                "May 2026 to 20 Nov 2026",
                "do not count: the level changed about then",
                "Period by period it looks otherwise",
                "Promise: at least 93% · 1 Jan 2026 to 20 Nov 2026",
            ),
            never_es=("no puede cumplir", "está cambiando"),
            never_en=("cannot keep", "is changing"),
        ),
        "feasibility": Words(
            es=(
                "Cumplida contando todos los casos",
                "Solo con todos los casos",
                "Diga en la promesa a qué se refiere",
            ),
            en=("Kept over all cases", "Only over all cases", "Say in the promise which is meant"),
            never_es=("Fuera de alcance", "está cambiando", "vecinos se parecen"),
            never_en=("Beyond reach", "is changing", "Neighbouring"),
        ),
        "home": Words(
            es=("93,7 % el 20 nov 2026",),
            en=("93.7% on 20 Nov 2026",),
            never_es=("umplida desde",),
            never_en=("ept since",),
        ),
    },
)
