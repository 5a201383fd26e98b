"""Broken until November 2024 and not measured since: all that is said of the promise is said of then."""

from __future__ import annotations

import datetime as dt

from tests.truth.story import SHARE, Promised, Story, Words, drawn_shares, months

WHEN = list(months(dt.date(2022, 1, 1), 35))

STORY = Story(
    about="data of long ago",
    rows=drawn_shares(WHEN, [0.95] * 20 + [0.86] * 15, 1200, seed=4),
    indicator={**SHARE, "name": "Answered"},
    promised=Promised(93, starts=dt.date(2022, 1, 1)),
    today=dt.date(2026, 11, 21),
    says={
        "promise": Words(
            es=(
                "veces los casos que la promesa admitía",
                "El servicio no podía cumplir la promesa tal como funcionó hasta noviembre de 2024",
                "en alerta de",
                "Últimos doce meses con datos",
            ),
            en=(
                "times as many cases failed as the promise allowed",
                "The service could not keep the promise as it worked until November 2024",
                "alerted from",
                "Last twelve months with data",
            ),
            never_es=("funciona ahora", "en alerta desde", "hasta ahora", "Último año", "está cambiando"),
            never_en=("works now", "alerts since", "so far", "Latest year", "is changing"),
        ),
        "feasibility": Words(
            es=("Estaba fuera de alcance hasta noviembre de 2024", "Sin datos ahora", "No hay datos desde"),
            en=("Was beyond reach until November 2024", "No data now", "There are no data since"),
            never_es=("hasta ahora", "funciona ahora", "está cambiando"),
            never_en=("so far", "works now", "is changing"),
        ),
    },
)
