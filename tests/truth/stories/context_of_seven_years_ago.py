"""Without a promise too, data that ended are told in the past."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Story, Words, drawn_shares, months

STORY = Story(
    about="the past",
    rows=drawn_shares(list(months(dt.date(2017, 4, 1), 24)), [0.2] * 24, 900),
    indicator={**SHARE, "name": "Admitted", "better": "none"},
    today=dt.date(2026, 11, 28),
    says={
        "chart": Words(
            es=(
                "Admitted: variación ordinaria en torno al ",
                "hasta marzo de 2019; desde entonces no hay datos",
            ),
            en=("Admitted: varied ordinarily around ", "until March 2019; no data since"),
        )
    },
)
