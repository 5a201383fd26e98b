"""What waits is put off, handed on and given back; the other person hears of it, reads why, and may stop hearing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PHONE = (390, 844)
THUMB = 40


@pytest.fixture
def signals_to_look_at(welcome):
    """The sample's winters are a season and no signals; beside the limits of its first year they are."""
    visitor = welcome("quality_manager")
    visitor.goes("/indicators/")
    addresses = visitor.page.eval_on_selector_all(
        "main table a[href*='/indicators/']", "all => all.map(one => one.getAttribute('href'))"
    )
    made = []
    for address in list(dict.fromkeys(a for a in addresses if a.count("-") > 3))[:2]:
        visitor.goes(address)
        visitor.opens("More actions", within="main")
        visitor.press("Set limits anew", within="main")
        visitor.fills(starts="2016-04-01", learned_until="2017-03-01", reason="El primer año")
        visitor.press("Create", within="main form")
        made.append(visitor.page.url)
    yield
    visitor = welcome("quality_manager")
    for address in made:
        visitor.goes(address)
        visitor.opens("More actions", within="main")
        visitor.press("Withdraw", within="main")
        visitor.fills(note="Solo para este recorrido")
        visitor.press("Withdraw", within="main form")


def lines(visitor, block: str = "w-block"):
    return visitor.page.locator(f".{block} .w-line")


def hands_on(visitor, name: str, note: str) -> str:
    """The first item that can be handed on; returns its sentence."""
    line = lines(visitor).filter(has=visitor.page.locator("a[href*='hand-on']")).first
    text = line.locator(".w-text").inner_text()
    with visitor.page.expect_navigation():
        line.locator("a[href*='hand-on']").click()
    choice = visitor.page.locator("main select[name=receiver]")
    option = choice.locator("option", has_text=name).first.get_attribute("value")
    visitor.fills(receiver=option, note=note)
    visitor.press("Hand on", within="main form")
    return text


def test_work_is_put_off_and_brought_back(welcome, signals_to_look_at):
    visitor = welcome("process_owner")
    visitor.goes("/my-work/")
    page = visitor.page
    before = lines(visitor).count()
    assert before >= 2
    expect(page.locator(".shell-side .nav-count")).to_have_text(str(before))
    first = lines(visitor).first
    text = first.locator(".w-text").inner_text()
    first.locator(".w-menu summary").first.click()
    with page.expect_navigation():
        first.get_by_role("button", name=re.compile(visitor.say("Tomorrow"))).click()
    visitor.well()
    expect(page.locator("main > .messages").first).to_contain_text(text)
    expect(lines(visitor)).to_have_count(before - 1)
    expect(page.locator(".shell-side .nav-count")).to_have_text(str(before - 1))
    page.locator("details.w-fold summary", has_text=visitor.say("Put off")).click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(visitor.say("Bring back now"))).click()
    visitor.well()
    expect(lines(visitor)).to_have_count(before)


def test_work_is_handed_on_with_a_trace_and_given_back(welcome, signals_to_look_at):
    giver = welcome("process_owner")
    giver.goes("/my-work/")
    text = hands_on(giver, "calidad", "Usted conoce el caso.")
    given = giver.page.locator("details.w-fold", has_text=giver.say("With others"))
    expect(given).to_contain_text(text)
    expect(given).to_contain_text("Usted conoce el caso.")

    receiver = welcome("quality_manager")
    page = receiver.page
    receiver.goes("/my-work/")
    line = lines(receiver).filter(has_text="Usted conoce el caso.")
    expect(line).to_contain_text(text)
    bell = page.locator("details.bell")
    expect(bell.locator(".bell-count")).not_to_be_empty()
    bell.locator("summary").click()
    told = bell.locator(".n-item").first
    expect(told).to_contain_text(text)
    expect(told).to_contain_text(receiver.say("Somebody handed you something that waited for them."))
    with page.expect_navigation():
        told.get_by_role("link", name=re.compile(receiver.say("Stop it"))).click()
    receiver.well()
    expect(page).to_have_url(re.compile(r"/notifications/settings/#delegated$"))
    receiver.fills(**{"mail-delegated": "never"})
    receiver.press("Save", within="main form")
    expect(page.locator("select[name=mail-delegated]")).to_have_value("never")

    receiver.goes("/notifications/")
    with page.expect_navigation():
        page.locator(".n-item.unread a").first.click()
    receiver.well()
    receiver.goes("/my-work/")
    line = lines(receiver).filter(has_text="Usted conoce el caso.")
    line.locator(".w-menu").last.locator("summary").click()
    line.locator("[name=note]").fill("Mejor usted.")
    with page.expect_navigation():
        line.locator(".w-menu").last.get_by_role("button", name=receiver.say("Give back")).click()
    receiver.well()
    expect(lines(receiver).filter(has_text="Usted conoce el caso.")).to_have_count(0)

    giver.goes("/notifications/")
    expect(giver.page.locator(".n-item").first).to_contain_text("Mejor usted.")
    giver.press("Mark all as read", within="main")
    expect(giver.page.locator(".n-item.unread")).to_have_count(0)
    giver.goes("/my-work/")
    expect(giver.page.locator(".w-block")).to_contain_text(text)


def test_a_page_that_stays_open_learns_what_came(welcome, signals_to_look_at):
    receiver = welcome("quality_manager")
    page = receiver.page
    page.clock.install()
    receiver.goes("/my-work/calendar/")
    unread = page.locator("details.bell .bell-count")
    page.wait_for_load_state("networkidle")
    before = unread.inner_text()
    giver = welcome("process_owner")
    giver.goes("/my-work/")
    hands_on(giver, "calidad", "Mire esto.")
    page.clock.fast_forward(61_000)
    expect(unread).not_to_have_text(before)
    expect(page.locator("#announcer")).not_to_be_empty()
    given = giver.page.locator("details.w-fold", has_text=giver.say("With others"))
    with giver.page.expect_navigation():
        given.get_by_role("button", name=re.compile(giver.say("Take back"))).first.click()
    giver.well()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_my_work_and_the_bell_on_the_phone(welcome, theme):
    visitor = welcome("quality_manager", size=PHONE, theme=theme)
    page = visitor.page
    visitor.goes("/")
    entry = page.locator(".shell-bottom").get_by_role("link", name=re.compile(visitor.say("My work")))
    with page.expect_navigation():
        entry.tap()
    visitor.well()
    for button in page.locator(".w-steps summary, .w-steps > a").filter(visible=True).all():
        box = button.bounding_box()
        assert box["height"] >= THUMB, box
        assert box["width"] >= THUMB, box
    page.locator(".w-menu summary").first.tap()
    tomorrow = page.locator(".w-menu[open]").get_by_role("button", name=re.compile(visitor.say("Tomorrow")))
    tomorrow.click(trial=True)  # nothing lies over it
    page.keyboard.press("Escape")
    page.locator("details.bell summary").tap()
    expect(page.locator(".bell-items .n-item, .bell-items .n-none").first).to_be_visible()
    panel = page.locator("details.bell .c-menu-panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= PHONE[0]
    visitor.well()


def test_it_works_without_scripts(welcome):
    visitor = welcome(scripts=False)
    page = visitor.page
    visitor.goes("/login/")
    visitor.signs_in("process_owner")
    visitor.goes("/my-work/")
    before = lines(visitor).count()
    page.locator(".w-menu summary").first.click()
    with page.expect_navigation():
        page.locator(".w-menu[open]").get_by_role("button", name=re.compile(visitor.say("Tomorrow"))).click()
    visitor.well()
    expect(lines(visitor)).to_have_count(before - 1)
    page.locator("details.w-fold summary", has_text=visitor.say("Put off")).click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(visitor.say("Bring back now"))).click()
    page.locator("details.bell summary").click()
    visitor.press("Show the notifications", within="details.bell")
    expect(page.locator("h1")).to_have_text(visitor.say("Notifications"))


def test_a_calendar_address_is_made_and_read(welcome):
    visitor = welcome("process_owner")
    page = visitor.page
    visitor.goes("/my-work/calendar/")
    visitor.press("Make an address", within="main")
    address = page.locator("[data-copy-from]").input_value()
    stranger = welcome()
    answer = stranger.page.request.get("/calendar/" + address.rsplit("/", 1)[1])
    assert answer.status == 200
    assert answer.text().startswith("BEGIN:VCALENDAR")
    visitor.press("Revoke it", within="main")
    assert stranger.page.request.get("/calendar/" + address.rsplit("/", 1)[1]).status == 404
