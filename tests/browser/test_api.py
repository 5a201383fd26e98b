"""Somebody makes a token for a program, uses it, tries the interface in the browser, and takes the token back."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from calidez.client import Client, Problem


def test_a_token_is_made_used_and_revoked(welcome, site):
    person = welcome("quality_manager")
    person.goes("/my/api-tokens/")
    person.fills(name="Nightly export")
    person.page.check('[name="may"][value="some"]')
    person.fills(**{"lines-0-entity": "unit", "lines-0-verb": "view"})
    person.press("Make the token")
    secret = person.page.input_value("#secret")
    with Client(site, secret) as program:
        assert next(program.list("units"))["code"]
        with pytest.raises(Problem) as refused:
            program.get("standards", "STD-001")
        assert refused.value.status == 404
    person.goes("/my/api-tokens/")
    assert secret not in person.page.content()
    person.page.locator(".api-list li").filter(has_text="Nightly export").get_by_role("button").click()
    person.sees("Revoked: %(token)s", token="Nightly export")
    person.well()
    with Client(site, secret) as program, pytest.raises(Problem) as refused:
        next(program.list("units"))
    assert refused.value.status == 401


def test_the_interface_is_tried_in_the_browser_under_the_content_policy(welcome):
    person = welcome("administrator")
    person.goes("/api/v1/docs")
    page = person.page
    page.locator("#operations-tag-positions").wait_for()
    page.locator("#operations-tag-positions").click()
    page.locator("#operations-positions-positions_create .opblock-summary-control").click()
    page.locator(".try-out__btn").click()
    new = {"name": "Porter", "unit": "R"}
    page.locator("textarea.body-param__text").fill(json.dumps(new))
    page.locator("button.execute").click()
    expect(page.locator(".live-responses-table tr.response .response-col_status").first).to_contain_text(
        "201"
    )
    person.well()
