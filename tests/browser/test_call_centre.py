"""A month of calls as a contact centre exports them becomes three charts, and each shows what was counted in the file by hand."""

from __future__ import annotations

from tests.browser import call_centre

from calidez.samples.serving import served


def test_from_an_empty_installation_to_three_charts_of_ones_own_calls(arrive, installed, tmp_path):
    data = tmp_path / "var"
    installed(data)
    with served(data, "es") as address:
        visitor = arrive(address)
        code = (data / "setup.code").read_text().strip()
        steps = list(call_centre.walk(visitor, code, call_centre.export(tmp_path)))
    assert len(steps) == 5
