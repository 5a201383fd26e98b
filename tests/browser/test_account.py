"""A person is invited, joins, protects the account with a second factor, and ends a session left open elsewhere."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = (390, 844)
EMAIL, PASSWORD = "rita.reyes@example.org", "seven quiet harbour lamps"


def passes(visitor) -> None:
    """Every rule of axe, on the page as it is now."""
    visitor.well()
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]] == [], (
        visitor.page.url
    )


@pytest.fixture
def link(welcome) -> str:
    """What the administrator copies from the page of the invitation."""
    admin = welcome("administrator")
    admin.goes("/invitations/new/")
    passes(admin)
    admin.fills(email=EMAIL, name="Rita Reyes")
    for name in ("role", "unit"):
        field = admin.page.locator(f'main select[name="{name}"]')
        field.select_option(**({"label": "Personal"} if name == "role" else {"index": 1}))
    admin.press("Create", within="main form")
    passes(admin)
    whole = admin.page.locator("main input[readonly]").input_value()
    return urlsplit(whole).path


def test_joining_and_a_second_factor_on_the_phone(welcome, link):
    rita = welcome(size=PHONE, theme="dark")
    rita.goes(link)
    passes(rita)
    rita.fills(password="password1234")
    rita.press("Join", within="main", status=422)
    rita.fills(password=PASSWORD)
    rita.press("Join", within="main")

    elsewhere = welcome()
    elsewhere.goes("/login/")
    elsewhere.fills(username=EMAIL, password=PASSWORD)
    elsewhere.press("Sign in", within="main")

    rita.goes("/security/")
    passes(rita)
    rita.press("End all other sessions", within="main")
    elsewhere.goes("/security/")
    assert "/login/" in elsewhere.page.url

    rita.press("Turn on", within="main")
    passes(rita)
    rita.page.locator("details.second-factor-text summary").click()
    secret = rita.page.locator("details code").inner_text().replace(" ", "")
    rita.fills(code=format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    rita.press("Turn on", within="main")
    passes(rita)
    paper = rita.page.locator(".paper-codes code").first.inner_text()

    elsewhere.fills(username=EMAIL, password=PASSWORD)
    elsewhere.press("Sign in", within="main")
    assert "/login/code/" in elsewhere.page.url
    passes(elsewhere)
    elsewhere.fills(code="000000")
    elsewhere.press("Sign in", within="main", status=422)
    elsewhere.fills(code=paper)
    elsewhere.press("Sign in", within="main")
    expect(elsewhere.page).to_have_url(re.compile(r"/security/$"))


def test_a_role_is_edited_and_the_history_says_what_was_granted(welcome):
    admin = welcome("administrator")
    admin.goes("/roles/")
    passes(admin)
    admin.page.get_by_role("link", name="Personal", exact=True).click()
    admin.page.wait_for_url(re.compile("[0-9a-f]{8}-"))
    admin.press("Edit", within="main")
    passes(admin)
    admin.page.locator('input[value="position:view"]').check()
    admin.press("Save", within="main form")
    admin.sees("Granted")
    admin.opens("More actions", within="main")
    admin.press("Reset to the shipped role", within="main")
    for path in ("/words/", "/administration/", "/password/forgotten/", "/security/password/"):
        admin.goes(path)
        passes(admin)
