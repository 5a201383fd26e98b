"""How a file is read, as a file: the same back, and every mistake named by its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calidez.engine import Column, ColumnType, MappingFile, PlaceError, ReadOptions, Role, Schema

DAY = {"name": "day", "source": "Fecha", "type": "date", "role": "time", "date_order": "dmy"}
WAIT = {"name": "wait", "source": "Espera", "type": "number", "unit": "min", "decimal": ","}


def test_what_is_written_is_read_back() -> None:
    mapping = MappingFile(
        Schema(
            (
                Column(
                    "day",
                    "Fecha",
                    ColumnType.DATE,
                    Role.TIME,
                    date_order="dmy",
                    zone="America/Bogota",
                    key=True,
                ),
                Column("wait", "Espera", ColumnType.NUMBER, decimal=",", unit="min"),
            )
        ),
        ReadOptions(encoding="cp1252", delimiter=";", header=True),
        {"Sucursal Norte": "NORTH"},
    )
    written = mapping.to_json()
    assert MappingFile.from_json(written) == mapping
    assert written["reading"] == {"encoding": "cp1252", "delimiter": ";", "header": True}
    assert "required" not in written["columns"][1]


def test_a_layout_is_read_back() -> None:
    given = {
        "reading": {
            "heading_rows": [3, 4],
            "leave_out": ["22"],
            "turn": {"headings": ["ene", "feb"], "names": ["mes", "valor"], "year": 2026},
        },
        "columns": [{"name": "valor", "type": "number", "missing": ["pendiente"]}],
    }
    mapping = MappingFile.from_json(given)
    assert mapping.options.turn is not None
    assert mapping.options.turn.headings == ("ene", "feb")
    assert MappingFile.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


def test_little_is_enough() -> None:
    found = MappingFile.from_json({"columns": [{"name": "wait"}]})
    assert found.schema.columns[0].source == "wait"
    assert (found.options, found.units) == (ReadOptions(), {})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "{}: place_no_object"),
        ({}, "columns: place_missing"),
        ({"columns": {}}, "columns: place_no_list"),
        ({"columns": [DAY], "colums": []}, "colums: place_unknown_near columns"),
        ({"columns": [DAY, "x"]}, "columns[1]: place_no_object"),
        ({"columns": [{"source": "Fecha"}]}, "columns[0].name: place_missing"),
        ({"columns": [{**DAY, "date_ordr": "dmy"}]}, "columns[0].date_ordr: place_unknown_near date_order"),
        ({"columns": [{**DAY, "qqqq": 1}]}, "columns[0].qqqq: place_unknown"),
        ({"columns": [DAY, {**WAIT, "type": "nummber"}]}, "columns[1].type: place_value_near number"),
        ({"columns": [{**DAY, "date_order": "day first"}]}, "columns[0].date_order: place_value"),
        ({"columns": [{**DAY, "key": "yes"}]}, "columns[0].key: place_no_boolean"),
        ({"columns": [{**DAY, "unit": 3}]}, "columns[0].unit: place_no_text"),
        ({"columns": [{**DAY, "name": "Día"}]}, "columns[0].name: bad_name"),
        ({"columns": [{**DAY, "zone": "America/Bogotá"}]}, "columns[0].zone: unknown_zone"),
        ({"columns": [DAY, DAY]}, "columns: column_twice"),
        ({"columns": [DAY, {**DAY, "name": "other"}]}, "columns: role_twice"),
        ({"columns": [{**WAIT, "role": "time"}]}, "columns: time_no_date"),
        ({"columns": [DAY], "reading": {"header": "yes"}}, "reading.header: place_no_boolean"),
        (
            {"columns": [DAY], "reading": {"delimeter": ";"}},
            "reading.delimeter: place_unknown_near delimiter",
        ),
        ({"columns": [DAY], "reading": {"heading_rows": [0]}}, "reading.heading_rows: bad_reading"),
        (
            {"columns": [DAY], "reading": {"turn": {"heading": []}}},
            "reading.turn.heading: place_unknown_near headings",
        ),
        ({"columns": [DAY], "units": {"Norte": 1}}, "units.Norte: place_no_text"),
        ({"columns": [DAY], "units": []}, "units: place_no_object"),
    ],
)
def test_every_mistake_is_named_by_its_place(data: Any, said: str) -> None:
    with pytest.raises(PlaceError) as refused:
        MappingFile.from_json(data)
    place, _colon, rest = said.partition(": ")
    code, _space, near = rest.partition(" ")
    assert (refused.value.place, refused.value.code) == (place, code)
    if near:
        assert refused.value.params["nearest"] == near
