"""Builds the emergency sample wholly over the API: units, a dataset, its facts, a standard, an indicator, its chart.

    python docs/how-to/drive-by-api.py http://127.0.0.1:8000 cal_… cal_…

The tokens are those of two people who may do it all: what one proposes, the other puts in force. The organisation must be
there (calidez serve asks for it at the first start) and otherwise empty. Needs nothing but Python and the file
calidez/client.py.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calidez.client
from calidez.client import Client, Problem

FACTS = Path(calidez.client.__file__).parent / "samples" / "emergency" / "ae_attendances.csv.gz"
# One row for each month, provider and type of department; published by NHS England.
COLUMNS = [
    {"name": "period", "type": "date", "role": "time", "date_order": "ymd", "key": True},
    {"name": "org_code", "role": "branch", "key": True, "required": True},
    {"name": "type", "role": "segment", "key": True},
    {"name": "attendances", "type": "number", "required": True},
    {"name": "breaches", "type": "number", "required": True},
    {"name": "admissions", "type": "number", "required": True},
]


def main(address: str, token: str, second: str) -> dict[str, Any]:
    with (
        Client(address, token, language="en", timeout=300) as api,
        Client(address, second, language="en", timeout=300) as approver,
    ):
        root = next(unit for unit in api.list("units", kind="organisation") if unit["parent"] is None)
        owner = next(api.list("people"))
        make_units(api, root)

        dataset = api.create(
            "datasets", code="attendances", name="Emergency attendances", unit=root["uid"], columns=COLUMNS
        )
        pushed = api.push(dataset["code"], FACTS)
        api.wait(pushed["job"])
        came = api.get("imports", pushed["import"]["code"], "report")
        print(f"{came['loaded']:,} facts loaded, {came['rejected']:,} refused")
        # The same again changes nothing.
        assert api.push(dataset["code"], FACTS)["again"]

        standard = api.create(
            "standards",
            title="Seen within four hours",
            requirement="Patients leave the emergency department within four hours of arriving.",
            direction="at_least",
            target=95,
            tolerance=2,
            measured_in="%",
            owner=owner["uid"],
            unit=root["uid"],
            basis=[
                {"kind": "norm", "reference": "NHS England: four-hour standard, operational standard 95 %"}
            ],
        )
        standard = api.do(standard, "propose")
        standard = approver.do(standard, "put_in_force", starts="2016-04-01")
        print(f"{standard['code']} is {standard['state_label'].lower()}")

        indicator = api.create(
            "indicators",
            name="Share seen within four hours",
            dataset=dataset["code"],
            standard=standard["code"],
            measure="counted",
            numerator="attendances - breaches",
            denominator="attendances",
            owner=owner["uid"],
            unit=root["uid"],
        )
        api.wait(api.call("POST", f"{indicator['url']}/measure")["job"])

        chart = api.get("indicators", indicator["code"], "series", unit=root["code"])
        print(chart["finding"])
        acknowledge_newest(api, indicator)
        return chart


def make_units(api: Client, root: dict[str, Any]) -> None:
    """Hospitals and other providers, each below its group."""
    groups = {"R": "Hospitals", "OTHER": "Other providers"}
    for code, name in groups.items():
        api.create("units", code=code, name=name, kind="group", parent=root["code"])
    rows = [
        {"code": code, "name": f"Provider {code}", "parent": "R" if code.startswith("R") else "OTHER"}
        for code in providers()
    ]
    made = api.create_many("units", rows)
    print(f"{len(made['items'])} units made")


def providers() -> list[str]:
    def codes() -> Iterator[str]:
        with gzip.open(FACTS, "rt", encoding="utf-8", newline="") as file:
            yield from (row["org_code"] for row in csv.DictReader(file))

    return sorted(set(codes()))


def acknowledge_newest(api: Client, indicator: dict[str, Any]) -> None:
    signals = api.list("signals", indicator=indicator["uid"], state="new", sort="-period_start")
    signal = next(signals, None)
    if signal is None:
        return
    done = api.do(signal, "acknowledge", note="Winter pressure; the regional review looks at it.")
    print(f"Acknowledged: {done['label']}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4])
    except Problem as problem:
        raise SystemExit(str(problem)) from None
