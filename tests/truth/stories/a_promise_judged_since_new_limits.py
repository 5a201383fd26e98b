"""Limits set anew from the change on: the promise is judged by what came since, as the pages of feasibility are."""

from __future__ import annotations

import datetime as dt

from tests.truth.stories.a_promise_kept_since_the_level_changed import ROWS, SINCE
from tests.truth.story import SHARE, Promised, Story, Words

STORY = Story(
    about="change of level",
    rows=ROWS,
    indicator={**SHARE, "name": "Answered", "period": "day"},
    promised=Promised(93, starts=dt.date(2026, 1, 1)),
    today=dt.date(2026, 11, 21),
    limits_from=SINCE,
    says={
        "promise": Words(
            es=(
                "el servicio puede cumplir la promesa tal como funciona ahora",
                "18 may 2026 a 20 nov 2026",
                "No cuentan los períodos anteriores al 18 may 2026: entonces se fijaron límites nuevos",
            ),
            en=(
                "the service can keep the promise as it works now",
                "18 May 2026 to 20 Nov 2026",
                "Periods before 18 May 2026 do not count: limits were set anew then",
            ),
            never_es=("no puede cumplir",),
            never_en=("cannot keep",),
        ),
        "feasibility": Words(
            es=("No cuentan los períodos anteriores al 18 may 2026",),
            en=("Periods before 18 May 2026 do not count",),
            never_es=("Fuera de alcance",),
            never_en=("Beyond reach",),
        ),
    },
)
