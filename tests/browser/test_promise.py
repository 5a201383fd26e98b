"""From an empty house to a published promise: sector, policy, standard, approval, reading, charter, whole thread.

Three people: who writes, who approves, who reads. What must not be is tried on the way, and refused with its sentence.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from calidez.samples.services import FILE
from calidez.samples.serving import run, served

PASSWORD = "seven quiet harbour lamps"
AUTHOR, SECOND, THIRD = "ana@example.org", "luis@example.org", "eva@example.org"
HOUSE, PROMISE = "Clínica Sol", "Usted sale de urgencias antes de 4 horas, con alta, cama o traslado."
ZONE = "America/Bogota"  # for five hours of each day its date is not the date of a machine that runs on UTC
SITES = ("RF4", "RJ1")
PHONE = (390, 844)
People = Callable[..., Any]
Visitor = Any  # of conftest, which is no module to import from


@pytest.fixture(scope="module")
def house(tmp_path_factory: Any, installed: Callable[[Path], Path]) -> Iterator[tuple[str, Path]]:
    """An installation that nobody has founded, and its data folder."""
    data = tmp_path_factory.mktemp("house")
    installed(data)
    with served(data) as address:
        yield address, data


@pytest.fixture
def people(arrive: Any, house: tuple[str, Path]) -> People:
    """`people(email)` is that person, signed in; `people()` somebody whom nobody here knows."""

    def come(email: str = "", **options: Any) -> Any:
        visitor = arrive(house[0], **options)
        if email:
            visitor.goes("/login/")
            visitor.fills(username=email, password=PASSWORD)
            visitor.press("Sign in", within="main")
        return visitor

    return come


def test_from_an_empty_house_to_a_published_promise(
    people: People, house: tuple[str, Path], tmp_path: Path
) -> None:
    author = people()
    founds_with_a_sector(author, house[1])
    for email, name, role in ((SECOND, "Luis", "quality_manager"), (THIRD, "Eva", "employee")):
        run(house[1], "user", "create", email, "--name", name, "--role", role, "--password", PASSWORD)
    second, third = people(SECOND), people(THIRD, size=PHONE)

    brings_figures(author, tmp_path)
    writes_how_it_is_done(author, second)
    adapts_the_policy(author)
    standard = publishes_a_standard(author, second)
    reads_in_time_or_too_late(author, second, third, standard)
    approves_the_policy(author, second, third)
    pursues_an_objective(author)
    tells_the_public(author, people())
    has_a_whole_thread(author, second, standard)


def founds_with_a_sector(author: Visitor, data: Path) -> None:
    author.goes("/")
    author.fills(code=(data / "setup.code").read_text().strip())
    author.press("Next", within="main")
    author.fills(organisation=HOUSE, time_zone=ZONE)
    author.press("Next", within="main")
    author.fills(name="Ana", email=AUTHOR, password=PASSWORD)
    author.press("Next", within="main")
    author.fills(units="Sede norte; RF4\nSede sur; RJ1")
    author.press("Found the organisation", within="main")
    with author.page.expect_navigation():
        author.page.get_by_role("link", name="Clínica con urgencias").click()
    expect(author.page.locator("main")).to_contain_text(PROMISE)
    author.press("Load the starter pack", within="main")
    author.well()


def brings_figures(author: Visitor, folder: Path) -> None:
    """The columns are those that the pack's dataset waits for, so nothing need be said about them."""
    author.goes("/imports/new/")
    author.page.set_input_files("input[type=file]", recent_figures(folder))
    author.press("Continue", within="main")
    author.page.locator(".i-preview").wait_for()
    author.press("The rows are right", within="main")
    author.press("Check the file", within="main")
    author.page.locator("main .c-stats").wait_for()
    with author.page.expect_navigation():
        author.page.locator("main .c-form-steps button.primary").click()
    author.page.locator("#load .c-notice.tone-good").wait_for()
    author.well()


def writes_how_it_is_done(author: Visitor, second: Visitor) -> None:
    author.goes("/documents/new/")
    author.fills(title="Cómo se atiende una urgencia")
    author.page.locator("main [name=unit]").select_option(label=HOUSE)
    author.page.locator("main [name=rows_approver-0-person]").select_option(label="Luis")
    author.press("Create", within="main form")
    author.press("Write the first version", within="main")
    author.fills(text="# Al llegar\n\nUn enfermero le ve en diez minutos y le dice cuánto va a esperar.")
    expect(author.page.locator("#aside-preview h3, #aside-preview h4").first).to_contain_text("Al llegar")
    author.press("Create", within="main form")
    version = author.page.url
    author.press("Submit for approval", within="main")
    author.press("Submit for approval", within="main form")
    author.goes(version + "do/approve/")
    author.press("Approve version", within="main form", status=422)
    author.sees("You wrote this version: somebody else must approve it.", within="#error-summary")
    second.goes(version)
    second.press("Approve version", within="main")
    author.goes(version)
    author.press("Put in force", within="main")
    author.well()


def adapts_the_policy(author: Visitor) -> None:
    """One promise to begin with; the check says while it is written what makes it a promise."""
    author.goes("/commitments/")
    boxes = author.page.locator("main tbody [name=pick]")
    for position in range(1, boxes.count()):
        boxes.nth(position).check()
    author.press("Withdraw", within="#bulk-form")
    author.fills(note="Empezamos por una promesa.")
    author.press("Withdraw", within="main form")
    opens(author, "/commitments/", "COM-001")
    author.press("Edit", within="main")
    check = author.page.locator("#aside-check")
    author.fills(statement=PROMISE.replace("antes de 4 horas", "lo antes posible"))
    expect(check).to_contain_text("lo antes posible")
    expect(check).not_to_contain_text("Claro")
    author.fills(statement=PROMISE)
    author.page.get_by_label("Cómo se atiende una urgencia").check()
    for words in ("Claro", "Se puede poner en práctica", "Medible"):
        expect(check).to_contain_text(words)
    author.press("Save", within="main form")
    author.well()


def publishes_a_standard(author: Visitor, second: Visitor) -> str:
    """What was proposed is more than the figures show; what nine in ten months reached can be promised."""
    page = author.page
    address = opens(author, "/standards/", "STD-001")
    author.press("Propose", within="main")
    author.press("Propose", within="main form", status=422)
    author.sees(
        "The target is above what the figures show to be possible: say why it is promised nevertheless.",
        within="#error-summary",
    )
    author.goes(address + "feasibility/")
    expect(page.locator("main")).to_contain_text("Fuera de alcance")
    page.locator("[name=target]").fill("79")
    expect(page.locator("main h2").first).to_contain_text("34")
    author.well()

    author.goes(address + "edit/")
    requirement = "De cada 100 pacientes, 79 salen de urgencias antes de 4 horas desde su llegada."
    author.fills(target="79", tolerance="1", unacceptable="75", requirement=requirement)
    expect(page.locator(".c-asides")).to_contain_text("Al alcance")
    page.get_by_text(author.say("Who must know it"), exact=True).click()
    page.locator("#id_readers_units").get_by_label(HOUSE, exact=True).check()
    author.press("Save", within="main form")
    author.press("Propose", within="main")
    author.press("Propose", within="main form")
    # Who proposed it is refused by every door; the page does not even offer it.
    author.goes(address + "do/put_in_force/")
    author.fills(starts=first_month().isoformat())
    author.press("Put in force", within="main form", status=422)
    author.sees(
        "You took the step “%(done)s” yourself: “%(step)s” is for somebody else.",
        within="#error-summary",
        done=author.say("Propose"),
        step=author.say("Put in force"),
    )

    second.goes(address)
    second.press("Put in force", within="main")
    second.fills(starts=first_month().isoformat())
    second.press("Put in force", within="main form")
    expect(second.page.locator("main .c-badge", has_text=second.say("In force")).first).to_be_visible()
    second.well()
    return address


def reads_in_time_or_too_late(author: Visitor, second: Visitor, third: Visitor, standard: str) -> None:
    """The third confirms the standard's sheet; a sheet that was replaced meanwhile cannot be confirmed any more.

    And a target never changes under a period that is over.
    """
    reading = third_opens_the_reading(third, "Salida de urgencias en cuatro horas")
    author.goes(standard)
    author.opens("More actions", within="main")
    author.press("Revise", within="main")
    author.goes(standard + "edit/")
    author.fills(target="78")
    author.page.locator("main [name=tolerance]").focus()
    expect(author.page.locator(".c-asides")).to_contain_text("78")
    author.press("Save", within="main form")
    author.press("Propose", within="main")
    author.press("Propose", within="main form")
    second.goes(standard + "do/put_in_force/")
    second.fills(starts=first_month().isoformat())
    second.press("Put in force", within="main form", status=422)
    expect(second.page.locator("#id_starts_error")).to_contain_text("nunca reescribe el pasado")
    second.fills(starts=house_today().isoformat())
    second.press("Put in force", within="main form")

    # The page with the button still lies open on the phone.
    third.press("I have read and understood it", within="main")
    expect(third.page.locator("main .c-notice").first).to_contain_text(
        "ya no vale: lea en su lugar la versión 2"
    )
    assert third_opens_the_reading(third, "Salida de urgencias en cuatro horas") != reading
    third.press("I have read and understood it", within="main")
    third.well()


def approves_the_policy(author: Visitor, second: Visitor, third: Visitor) -> None:
    """Not before the note of the pack is gone: it says itself that the figures are a proposal."""
    policy = opens(author, "/policies/", "POL-01")
    submits_the_policy(author, policy, status=422)
    expect(author.page.locator("#error-summary")).to_contain_text("nota del borrador")
    author.goes(policy + "edit/")
    introduction = author.page.locator("#id_introduction")
    note, _blank, kept = introduction.input_value().replace("\r", "").partition("\n\n")
    assert "[borrador]" in note
    introduction.fill(kept)
    author.press("Save", within="main form")
    submits_the_policy(author, policy)
    second.goes("/my-work/")
    with second.page.expect_navigation():
        second.page.locator("main a", has_text="Política de servicio").first.click()
    version = second.page.url
    second.press("Approve version", within="main")
    author.goes(version)
    author.press("Put in force", within="main")
    third_opens_the_reading(third, "Política de servicio")
    third.press("I have read and understood it", within="main")
    for visitor in (author, second, third):
        visitor.well()


def submits_the_policy(author: Visitor, policy: str, *, status: int = 200) -> None:
    author.goes(policy + "do/submit/")
    author.page.locator("#id_approvers").get_by_label("Luis").check()
    author.page.locator("#id_readers_units").get_by_label(HOUSE, exact=True).check()
    author.press("Submit for approval", within="main form", status=status)


def pursues_an_objective(author: Visitor) -> None:
    author.goes("/objectives/")
    boxes = author.page.locator("main tbody [name=pick]")
    for position in range(boxes.count()):
        if (
            "OBJ-" in (row := boxes.nth(position).locator("xpath=ancestor::tr").inner_text())
            and "-01" not in row
        ):
            boxes.nth(position).check()
    author.press("Withdraw", within="#bulk-form")
    author.fills(note="Empezamos por una promesa.")
    author.press("Withdraw", within="main form")
    opens(author, "/objectives/", f"OBJ-{house_today().year}-01")
    author.press("Activate", within="main", status=422)
    author.page.go_back()
    author.opens("More actions", within="main")
    author.press("Take the baseline from the indicator", within="main")
    author.press("Activate", within="main")
    expect(author.page.locator("main .c-badge", has_text=author.say("Active")).first).to_be_visible()
    author.well()


def tells_the_public(author: Visitor, stranger: Visitor) -> None:
    author.goes("/charters/new/")
    author.fills(
        title="Nuestra carta de servicios",
        complain="Diga en admisión qué falló.",
        mail="quejas@example.org",
        slug="clinica-sol",
    )
    for name in ("policy", "unit"):
        author.page.locator(f"main [name={name}]").select_option(index=1)
    for name in ("commitment", "result", "standard"):
        author.page.locator(f"main [name=rows_charteritem-0-{name}]").select_option(index=1)
    author.press("Create", within="main form")
    stranger.goes("/charter/clinica-sol/", status=404)
    stranger.context.clear_cookies()  # the page that says so has a form for the language
    author.press("Publish", within="main")
    stranger.goes("/charter/clinica-sol/")
    shown = stranger.page.locator("body")
    for words in (PROMISE, "83,7", "quejas@example.org", "78"):
        expect(shown).to_contain_text(words)
    assert stranger.context.cookies() == []
    stranger.well()


def has_a_whole_thread(author: Visitor, second: Visitor, standard: str) -> None:
    author.goes("/broken-links/")
    expect(author.page.locator("main")).to_contain_text(author.say("No broken links."))
    author.goes(standard)
    thread = author.panel("thread")
    for words in (PROMISE[:30], "Pacientes que salen en cuatro horas"):
        expect(thread).to_contain_text(words)
    # As it stood before anybody was here: nothing of it was there.
    author.goes(f"{standard}?on={first_month().isoformat()}")
    expect(author.page.locator("main")).not_to_contain_text(PROMISE[:30])
    author.well()


def opens(visitor: Visitor, listed: str, code: str) -> str:
    """A record by its code in the list; gives the address."""
    visitor.goes(listed)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name=code).first.click()
    return str(visitor.page.url)


def third_opens_the_reading(third: Visitor, title: str) -> str:
    third.goes("/my-work/")
    with third.page.expect_navigation():
        third.page.locator("main a", has_text=title).first.click()
    return str(third.page.url)


def house_today() -> dt.date:
    """The date where the organisation is, which decides what is in force."""
    return dt.datetime.now(ZoneInfo(ZONE)).date()


def first_month() -> dt.date:
    """Thirty-six months, the last one the month before this."""
    today = house_today()
    count = today.year * 12 + today.month - 1 - 36
    return dt.date(count // 12, count % 12 + 1, 1)


def recent_figures(folder: Path) -> Path:
    """The sample's file for two sites, as if its last month were the last one."""
    start = first_month()
    behind = (start.year * 12 + start.month) - (2016 * 12 + 4)
    path = folder / "asistencias.csv"
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file, path.open("w", newline="") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, rows.fieldnames or ())
        writer.writeheader()
        for row in rows:
            if row["org_code"] in SITES:
                month = dt.date.fromisoformat(row["period"])
                count = month.year * 12 + month.month - 1 + behind
                writer.writerow(row | {"period": dt.date(count // 12, count % 12 + 1, 1).isoformat()})
    return path
