"""A promise from its first draft to its end, and two people who write in it at the same time."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def drafts(visitor, title: str, **values: str) -> str:
    """A draft, by its form; gives the address."""
    visitor.goes("/standards/new/")
    said = {
        "title": title,
        "requirement": "Las llamadas se atienden en 20 segundos.",
        "target": "90",
        "tolerance": "2",
    }
    visitor.fills(**(said | values))
    visitor.page.locator("main [name=owner]").select_option(index=1)
    visitor.page.locator("main [name=unit]").select_option(index=1)
    basis = "rows_standardbasis-0"
    visitor.fills(**{f"{basis}-kind": "need", f"{basis}-reference": "Encuesta de 2025"})
    visitor.press("Create", within="main form")
    return visitor.page.url


def proposed(visitor, title: str, **values: str) -> str:
    """A draft that waits for a second person."""
    address = drafts(visitor, title, **values)
    visitor.press("Propose", within="main")
    visitor.press("Propose", within="main form")
    return address


def test_a_form_says_beside_each_field_what_is_missing(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    visitor.goes("/standards/new/")
    visitor.press("Create", within="main form", status=422)
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    wrong = page.locator("main .c-field.invalid")
    assert links.count() == wrong.count() >= 3
    for position in range(links.count()):
        link = links.nth(position)
        name = link.get_attribute("href").removeprefix("#")
        link.click()
        expect(page.locator(f"#{name}")).to_be_focused()
        expect(page.locator(f"#{name}_error")).to_be_visible()
        assert page.locator(f"#{name}").get_attribute("aria-invalid") == "true"
        assert f"{name}_error" in (page.locator(f"#{name}").get_attribute("aria-describedby") or "")
    visitor.well()


def test_a_standard_is_drafted_put_in_force_and_retired(welcome):
    visitor = welcome("quality_manager")
    page = visitor.page
    address = drafts(visitor, "Llamadas atendidas en 20 segundos")
    expect(page.locator("main .c-badge", has_text=visitor.say("Draft")).first).to_be_visible()

    visitor.press("Propose", within="main")
    visitor.sees("Another person puts it in force; until then nothing changes.")
    visitor.press("Propose", within="main form")
    expect(page.locator("main .c-badge", has_text=visitor.say("Proposed")).first).to_be_visible()
    # It is not offered to who proposed it; whoever finds the way all the same is refused.
    refused = "You took the step “%(done)s” yourself: “%(step)s” is for somebody else."
    steps = {"done": visitor.say("Propose"), "step": visitor.say("Put in force")}
    visitor.sees(refused, **steps)
    visitor.goes(f"{address}do/put_in_force/")
    visitor.fills(starts="2026-01-01")
    visitor.press("Put in force", within="main form", status=422)
    visitor.sees(refused, within="#error-summary", **steps)

    second = welcome("administrator")
    second.goes(address)
    second.press("Put in force", within="main")
    expect(second.page.locator("[name=starts]")).not_to_have_value(
        ""
    )  # today, until somebody says another day
    second.fills(starts="")
    second.press("Put in force", within="main form", status=422)
    expect(second.page.locator("#id_starts_error")).to_contain_text(
        second.say("Say from which date it is in force.")
    )
    second.fills(starts="2026-01-01")
    second.press("Put in force", within="main form")
    visitor.goes(address)
    expect(page.locator("main .c-badge", has_text=visitor.say("In force")).first).to_be_visible()

    visitor.opens("More actions", within="main")
    visitor.press("Retire", within="main")
    visitor.press("Retire", within="main form", status=422)
    visitor.fills(note="La sustituye otra promesa")
    visitor.press("Retire", within="main form")
    expect(page.locator("main .c-badge", has_text="Retirado").first).to_be_visible()
    history = page.locator(".c-history")
    expect(history.locator("> li")).to_have_count(4)
    newest = history.locator("> li").first
    expect(newest).to_contain_text("La sustituye otra promesa")
    expect(newest.locator("del", has_text=visitor.say("In force"))).to_be_visible()
    expect(newest.locator("ins", has_text="Retirado")).to_be_visible()


def test_a_threshold_asks_for_its_reaction_and_a_revision_is_dropped(welcome):
    first, second = welcome("quality_manager"), welcome("administrator")
    page = first.page
    first.goes("/standards/new/")
    first.opens("When it is missed by far", within="main")
    reaction = page.locator("main [name=reaction]")
    expect(reaction).to_be_hidden()
    first.fills(unacceptable="70")
    expect(reaction).to_be_visible()
    first.fills(unacceptable="")
    expect(reaction).to_be_hidden()

    address = proposed(first, "Correos contestados en un día")
    second.goes(address)
    second.press("Put in force", within="main")
    second.fills(starts="2026-01-01")
    second.press("Put in force", within="main form")
    first.goes(address)
    first.opens("More actions", within="main")
    first.press("Revise", within="main")
    expect(page.locator("main .c-badge", has_text=first.say("Being revised")).first).to_be_visible()
    first.opens("More actions", within="main")
    first.press("Edit", within="main")
    # What the figures say of the new target is told beside the form before it is saved.
    with page.expect_response("**/beside/**"):
        first.fills(target="99")
        page.locator("main [name=tolerance]").focus()
    page.wait_for_load_state("networkidle")
    first.press("Save", within="main form")
    first.opens("More actions", within="main")
    first.press("Drop the revision", within="main")
    first.fills(note="Todavía no")
    first.press("Drop the revision", within="main form")
    expect(page.locator("main .c-badge", has_text=first.say("In force")).first).to_be_visible()
    expect(page.locator(".c-facts").first).to_contain_text("al menos el 90")


def test_two_people_write_at_the_same_time_and_nothing_is_lost(welcome):
    first, second = welcome("quality_manager"), welcome("administrator")
    address = drafts(first, "Respuesta a quejas en diez días")
    for visitor in (first, second):
        visitor.goes(address + "edit/")
    first.fills(requirement="Toda queja se contesta en diez días hábiles.")
    first.press("Save", within="main form")
    second.fills(requirement="Toda queja se contesta por escrito.", tolerance="5")
    second.press("Save", within="main form", status=409)
    page = second.page
    clash = page.locator(".c-clash", has=page.locator("[name=requirement]"))
    expect(clash).to_contain_text("Toda queja se contesta en diez días hábiles.")
    expect(clash.locator(".yours")).to_contain_text("Toda queja se contesta por escrito.")
    expect(clash.locator("textarea")).to_have_value("Toda queja se contesta por escrito.")
    second.press("Save what the fields say", within="main")
    expect(page.locator(".c-facts").first).to_contain_text("Toda queja se contesta por escrito.")
    entries = page.locator(".c-history > li")
    expect(entries).to_have_count(3)
    expect(entries.first.locator("del", has_text="diez días hábiles")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/standards/[0-9a-f-]+/$"))
