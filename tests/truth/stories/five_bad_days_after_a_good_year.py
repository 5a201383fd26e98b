"""Single days miss the target now and then; five in a row did not happen before, so the title says since when."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Promised, Story, Words, shares, weekdays

WHEN = list(weekdays(dt.date(2025, 12, 1), 200))
MISSED = set(range(12, 190, 15)) | set(range(195, 200))

STORY = Story(
    about="met and missed in turns",
    rows=shares(WHEN, [142 if i in MISSED else 152 for i in range(200)], [160] * 200),
    indicator={**SHARE, "name": "Answered", "period": "day"},
    promised=Promised(93, starts=dt.date(2025, 12, 1)),
    today=WHEN[-1] + dt.timedelta(days=1),
    says={
        "chart": Words(
            es=("Answered: por debajo del 93 % desde el",),
            en=("Answered: below 93% since",),
            never_es=("alcanzada en",),
            never_en=("met in",),
        )
    },
)
