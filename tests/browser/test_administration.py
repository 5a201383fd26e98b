"""What runs by itself and who is told: an administrator starts, watches and pauses work, and connects another system."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import DESK, PHONE


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_administrator_runs_a_schedule_now_and_sees_it_done(welcome, size):
    admin = welcome("administrator", size=size)
    admin.goes("/administration/")
    admin.page.locator('main a[href="/schedules/"]').click()
    admin.page.locator("main a", has_text=admin.say("Clearing away old jobs")).first.click()
    admin.page.wait_for_url(re.compile(r"/schedules/[0-9a-f-]{36}/"))
    schedule = admin.page.url
    admin.press("Run now", within="main")
    admin.page.locator("#panel-fields a", has_text="·").click()
    admin.page.wait_for_url("**/background-jobs/**")
    # The page of the job is drawn anew until the work is done.
    expect(admin.page.locator("main")).to_contain_text(admin.say("Done"))
    admin.goes(schedule)
    admin.opens("More actions")
    admin.press("Pause", within="main")
    expect(admin.page.locator("main")).to_contain_text(admin.say("Paused"))
    admin.opens("More actions")
    admin.press("Resume", within="main")
    admin.goes("/background-jobs/?state=done")
    admin.well()


def test_an_administrator_connects_another_system(welcome):
    admin = welcome("administrator")
    admin.goes("/webhooks/new/")
    admin.fills(name="Mesa de ayuda", address="https://127.0.0.1/hook", events="*.create")
    admin.press("Create", within="main", status=422)
    expect(admin.page.locator(".c-field.invalid")).to_contain_text("CALIDEZ_WEBHOOK_ALLOW")
    admin.fills(address="https://mesa.example.invalid/hook")
    admin.press("Create", within="main")
    admin.press("Show the secret")
    assert admin.page.locator("#webhook-secret").input_value().startswith("whsec_")
    admin.press("I have copied it")
    admin.sees("Make a new secret")
    admin.opens("More actions")
    admin.press("Send a test", within="main")
    log = admin.page.locator("#panel-messages")
    expect(log).to_contain_text("webhook.test")
    for _look in range(20):
        if admin.say("The name %(host)s is not known.", host="mesa.example.invalid") in log.inner_text():
            break
        admin.page.wait_for_timeout(500)
        admin.goes(admin.page.url)
    else:
        pytest.fail("the worker has not tried it")


def test_nobody_else_finds_them(welcome):
    auditor = welcome("auditor")
    auditor.goes("/background-jobs/", status=404)
    auditor.goes("/webhooks/")
    auditor.goes("/webhooks/new/", status=403)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_somebody_holds_goes_to_somebody_else_and_back(welcome, size):
    admin = welcome("administrator", size=size)
    hands_objectives(admin, "quality_manager", "process_owner")
    admin.goes("/objectives/")
    admin.page.locator("main tbody a").first.click()
    admin.page.wait_for_url(re.compile(r"/objectives/[0-9a-f-]{36}/"))
    admin.goes(f"{admin.page.url}?whole=1")
    expect(admin.page.locator("#panel-history")).to_contain_text(admin.say("handed it over"))
    hands_objectives(admin, "process_owner", "quality_manager")
    admin.goes("/broken-links/")
    assert (
        admin.say("Objective whose owner has left")
        not in admin.page.locator("main .c-stack > section").all_inner_texts()
    )
    admin.well()


NAMES = {"process_owner": "Propietario del proceso", "quality_manager": "Responsable de calidad"}


def hands_objectives(admin, giver: str, receiver: str) -> None:
    """By the page of the person, who stays."""
    page = admin.page
    admin.goes(f"/people/?q={giver}")
    page.locator("main tbody a").first.click()
    page.locator("#panel-held a").click()
    page.wait_for_url("**/leaving/")
    choice = page.locator('select[name="objectives.objective_owner_gone"]')
    named = choice.locator("option", has_text=NAMES[receiver])
    choice.select_option(value=named.get_attribute("value"))
    page.locator("textarea[name=note]").fill("Cambia de puesto.")
    admin.press("Only hand over", within="main")
    page.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}/$"))
