"""Everybody sees what is theirs, and hears in one sentence why the rest is closed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from calidez.samples.services import ADDRESS


def codes(visitor, path: str) -> set[str]:
    visitor.goes(path)
    return set(visitor.page.locator("main tbody tr td:first-child").all_inner_texts())


def test_the_manager_of_the_hospitals_sees_only_hospitals(welcome):
    manager = welcome("manager")
    found = codes(manager, "/units/")
    assert found
    assert all(code.startswith("R") for code in found)
    assert not codes(manager, "/units/?q=Y0")
    everybody = welcome("auditor")
    assert codes(everybody, "/units/?q=Y0")
    other = everybody.page.locator("main tbody a").first.get_attribute("href")
    manager.goes(other, status=404)
    expect(manager.page.locator("h1")).to_contain_text(manager.say("This page does not exist"))


def test_the_manager_finds_no_other_branches_in_the_indicator(welcome, indicator_address):
    manager = welcome("manager")
    manager.goes(indicator_address)
    manager.page.locator("[data-unit-menu] summary").click()
    units = manager.page.locator("[data-units] a")
    assert units.count() > 100
    hrefs = [link.get_attribute("href") for link in units.all()]
    assert all(re.search(r"unit=R", href) for href in hrefs)
    manager.goes(indicator_address + "?unit=Y00058", status=404)


def test_the_auditor_reads_everything_and_changes_nothing(welcome, indicator_address):
    auditor = welcome("auditor")
    page = auditor.page
    for path in ("/standards/", "/signals/", "/imports/", "/people/", "/datasets/", "/indicators/"):
        auditor.goes(path)
        assert page.locator('main a[href$="/new/"]').count() == 0, path
        page.locator("main tbody a").first.click()
        page.wait_for_url(re.compile("[0-9a-f]{8}-"))
        assert page.locator('main form[method="post"]').count() == 0, page.url
        assert page.locator('main a[href*="/edit/"], main a[href*="/do/"]').count() == 0, page.url
    auditor.goes("/standards/new/", status=403)
    expect(page.locator("h1")).to_contain_text(auditor.say("You may not see this page"))
    auditor.goes("/imports/new/", status=403)
    auditor.goes(indicator_address + "edit/", status=403)
    auditor.press("Go to the home page")
    expect(page).to_have_url(re.compile(r"/$"))


def test_the_employee_has_a_short_side_bar(welcome):
    def entries(role: str) -> int:
        visitor = welcome(role)
        visitor.goes("/")
        return visitor.page.locator(".shell-side a").count()

    assert entries("employee") < entries("quality_manager")


def test_who_leaves_must_sign_in_again(welcome):
    visitor = welcome("inspector", anew=True)
    person = visitor.page.locator(".shell-top .avatar-letter")
    person.click()
    visitor.press("Leave", within=".shell-top")
    visitor.goes("/standards/")
    expect(visitor.page).to_have_url(re.compile(r"/login/\?next=/standards/"))
    visitor.signs_in("inspector")
    expect(visitor.page).to_have_url(re.compile(r"/standards/$"))


def test_eight_wrong_passwords_close_the_door_for_a_while(welcome):
    visitor = welcome()
    visitor.goes("/login/")
    for _ in range(7):
        visitor.signs_in("employee", "no es esta")
        expect(visitor.page.locator("main .c-notice")).to_be_visible()
        expect(visitor.page.locator("[name=username]")).to_have_value(ADDRESS.format(role="employee"))
    visitor.signs_in("employee", "no es esta", status=429)
    expect(visitor.page.locator("h1")).to_contain_text(visitor.say("Too many attempts"))
    visitor.press("Back to signing in")
    visitor.signs_in("employee", status=429)
    # Others behind the same address come in all the same.
    assert welcome("inspector", anew=True).page.url.endswith("/")
