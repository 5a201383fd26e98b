"""A record's page: to talk about it, to add evidence, to follow its thread, to see its past, and never to lose text."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from calidez.samples.services import ADDRESS, PASSWORD

PHONE = (390, 844)
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def opens_the_standard(visitor) -> str:
    visitor.goes("/standards/")
    visitor.page.locator("main tbody a").first.click()
    visitor.page.wait_for_url(re.compile("[0-9a-f]{8}-"))
    return visitor.page.url


def test_somebody_is_named_in_a_comment_and_finds_it(welcome):
    owner = welcome("process_owner")
    address = opens_the_standard(owner)
    text = owner.panel("comments").locator("#comment-text")
    text.press_sequentially("¿Lo ve usted, @respons")
    option = owner.page.get_by_role("option").first
    expect(option).to_be_visible()
    name = option.get_attribute("data-mention")
    text.press("Enter")
    expect(text).to_have_value(f"¿Lo ve usted, @{name} ")
    owner.press("Comment", within="#panel-comments")
    expect(owner.page.locator(".c-comments .c-mention").last).to_have_text(f"@{name}")
    manager = welcome("quality_manager")
    manager.goes("/notifications/")
    manager.sees("Lo ve usted", within="main")
    manager.goes(address)
    expect(manager.panel("comments")).to_contain_text("¿Lo ve usted,")


def test_evidence_is_added_looked_at_fetched_and_withdrawn(welcome):
    manager = welcome("quality_manager")
    page = manager.page
    opens_the_standard(manager)
    manager.panel("files").locator("summary.c-button").click()
    files = [
        {"name": "acta.txt", "mimeType": "text/plain", "buffer": "Acta número 7".encode()},
        {"name": "foto.png", "mimeType": "image/png", "buffer": PHOTO},
    ]
    page.locator("#id_files").set_input_files(files)
    expect(page.locator(".c-drop-name")).to_have_text("acta.txt, foto.png")
    manager.fills(effective_on="2026-01-31")
    manager.press("Add files", within="#panel-files form")
    panel = manager.panel("files")  # the address names it, so it has come
    expect(panel).to_contain_text("31 ene 2026")
    panel.get_by_role("link", name="foto.png").click()
    expect(page.locator("img.c-file-look")).to_be_visible()
    assert page.locator("img.c-file-look").evaluate("one => one.naturalWidth") == 1
    page.go_back()
    manager.panel("files")
    panel.get_by_role("link", name="acta.txt").click()
    expect(page.locator(".c-file-text")).to_have_text("Acta número 7")
    assert manager.downloads("Download the file") == ("acta.txt", "Acta número 7".encode())
    page.locator("summary", has_text=manager.say("Withdraw the file")).click()
    manager.fills(why="Es de otra unidad")
    manager.press("Withdraw the file", within="main form")
    expect(panel.locator("details", has_text="Es de otra unidad")).to_have_count(1)


def test_the_thread_is_followed_and_the_past_is_marked(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/datasets/")
    page.locator("main tbody a").first.click()
    thread = visitor.panel("thread")
    thread.locator(".c-node-further").first.click()
    expect(thread.locator(".c-thread-deeper .c-node").first).to_be_visible()
    visitor.well()
    visitor.panel("history").locator(".c-history-when").last.click()
    expect(page.locator("#panel-past")).to_be_visible()
    visitor.sees("See it as it stands now", within="#panel-past")


def test_a_record_is_read_down_to_its_history_on_the_phone(welcome):
    visitor = welcome("quality_manager", size=PHONE)
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = opens_the_standard(visitor)
    expect(page.locator("#panel-fields")).to_be_visible()
    expect(page.locator("#panel-history[data-later]")).to_have_count(1)
    assert not [url for url in asked if "/panels/history/" in url]
    for _screen in range(40):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(60)
    expect(visitor.panel("history").locator(".c-history > li").first).to_be_visible()
    expect(page.locator("[data-later]")).to_have_count(0)
    assert len([url for url in asked if "/panels/history/" in url]) == 1, "fetched once"
    visitor.well()
    # What stands in a panel that comes later is found by its address, and the whole is there for paper.
    visitor.goes("/")
    visitor.goes(address + "#panel-comments")
    expect(page.locator("#panel-comments:not([data-later]) h2")).to_be_in_viewport()
    page.keyboard.press("Control+f")
    expect(page.locator("[data-later]")).to_have_count(0)
    visitor.goes(address)
    visitor.press("Everything on one page, to print", within="main")
    expect(page.locator("[data-later]")).to_have_count(0)
    expect(page.locator("#panel-history .c-history > li").first).to_be_attached()


def test_printing_waits_for_what_is_not_there_yet(welcome):
    visitor = welcome("quality_manager", size=PHONE)
    page = visitor.page
    page.add_init_script(
        "window.print = () => { document.documentElement.dataset.printed = document.querySelectorAll('[data-later]').length }"
    )
    opens_the_standard(visitor)
    page.keyboard.press("Control+p")
    expect(page.locator("html")).to_have_attribute("data-printed", "0")
    visitor.well()


def test_unsaved_text_outlives_the_session(welcome):
    visitor = welcome("process_owner", anew=True)
    page = visitor.page
    visitor.goes("/indicators/new/")
    visitor.fills(name="Llamadas atendidas")
    expect(page.locator("form[data-kept=true]")).to_have_count(1)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".shell-side a").nth(1).click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/indicators/new/")
    visitor.context.clear_cookies(name="sessionid")
    visitor.fills(description="Escrito cuando la sesión ya había terminado")
    visitor.press("Create", within="main")
    expect(page).to_have_url(re.compile("/login/"))
    visitor.fills(username=ADDRESS.format(role="process_owner"), password=PASSWORD)
    visitor.press("Sign in", within="main")
    expect(page.locator("[name=name]")).to_have_value("Llamadas atendidas")
    expect(page.locator("[name=description]")).to_have_value(re.compile("ya había terminado"))
    visitor.press("Throw it away and begin anew", within="main")
    expect(page.locator("[name=name]")).not_to_have_value("Llamadas atendidas")
    expect(page.locator("[name=description]")).to_have_value("")


def test_fields_show_where_they_are_asked_and_say_so_without_scripts(welcome):
    # Somebody who writes no standard in other journeys: what is typed here is kept for its writer.
    visitor = welcome("administrator")
    page = visitor.page
    visitor.goes("/standards/new/")
    expect(page.locator("[name=case_direction]")).to_be_hidden()
    page.locator("details.c-later").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.locator("[name=case_limit]").fill("20")
    expect(page.locator("[name=case_direction]")).to_be_visible()
    plain = welcome("administrator", scripts=False)
    plain.goes("/standards/new/")
    for later in plain.page.locator("details.c-later > summary").all():
        later.click()
    expect(plain.page.locator("[name=case_direction]")).to_be_visible()
    expect(plain.page.locator(".only-if").last).to_be_visible()
