"""People and programs that write all the time, and remember exactly what they were told."""

from __future__ import annotations

import collections
import re
import threading
import time
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

from calidez.config.tests.installation import OWNER, PASSWORD, Answer, Lost
from calidez.config.tests.torture.site import Site

TOGETHER = 20  # records of one request
FACTS = 500  # rows of one push
Writer = Callable[[Site, "Book", dict[str, Any]], None]


class Book:
    """What was acknowledged, and what was sent without an answer; `places` are the uids that writers write to."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places
        self._lock = threading.Lock()
        self.acknowledged: dict[str, list[str]] = collections.defaultdict(list)
        self.unanswered: dict[str, list[str]] = collections.defaultdict(list)
        self.odd: collections.Counter[str] = collections.Counter()

    def note(self, kind: str, what: str, answer: Answer, *, expected: tuple[int, ...]) -> bool:
        with self._lock:
            if answer.status in expected:
                self.acknowledged[kind].append(what)
                return True
            self.odd[f"{kind}: {answer.status} {answer.text[:200]}"] += 1
            return False

    def lost(self, kind: str, what: str) -> None:
        with self._lock:
            self.unanswered[kind].append(what)

    @property
    def count(self) -> int:
        return sum(map(len, self.acknowledged.values()))


class Load:
    """Every writer in a thread of its own until it is stopped."""

    def __init__(self, site: Site, book: Book) -> None:
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(w, site, book)) for w in WRITERS]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: Writer, site: Site, book: Book) -> None:
        own: dict[str, Any] = {}
        while not self._stop.wait(0.05):
            try:
                writer(site, book, own)
            except Lost:
                own.clear()
                time.sleep(0.1)


def prepare(site: Site) -> dict[str, str]:
    """A unit with branches, a counter, a dataset and an indicator that measures it; returns uids by name."""
    root = site.api("GET", "/units").json["items"][0]["uid"]
    for number in range(4):
        _made(
            site.api("POST", "/units", {"code": f"B{number}", "name": f"Branch {number}", "parent": root}),
            201,
        )
    columns = [
        {"name": "id", "key": True, "required": True},
        {"name": "day", "type": "date", "role": "time", "date_order": "ymd"},
        {"name": "branch", "role": "branch"},
        {"name": "value", "type": "number", "required": True},
    ]
    _made(
        site.api("POST", "/datasets", {"code": "facts", "name": "Facts", "unit": root, "columns": columns}),
        201,
    )
    owner = site.api("GET", "/people").json["items"][0]["uid"]
    indicator = {"name": "Sum", "dataset": "facts", "measure": "counted", "numerator": "value"}
    more = {"denominator": "value", "owner": owner, "unit": root}
    _made(site.api("POST", "/indicators", indicator | more), 201)
    counter = {"name": "counter", "unit": root, "purpose": "0"}
    found = _made(site.api("POST", "/positions", counter), 201)
    return {"unit": root, "counter": found.json["uid"]}


def _made(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"{answer.status} {answer.text}")
    return answer


def one(site: Site, book: Book, own: dict[str, Any]) -> None:
    """A record without a key: an answer that is lost stays unknown."""
    name = f"one-{uuid.uuid4().hex[:12]}"
    _sent(
        book, "one", name, lambda: site.api("POST", "/positions", {"name": name, "unit": book.places["unit"]})
    )


def keyed(site: Site, book: Book, own: dict[str, Any]) -> None:
    """A record with a key: asked again until there is an answer, and made once."""
    name, key = own.setdefault("asked", (f"keyed-{uuid.uuid4().hex[:12]}", uuid.uuid4().hex))
    try:
        got = site.api("POST", "/positions", {"name": name, "unit": book.places["unit"]}, Idempotency_Key=key)
    except Lost:
        time.sleep(0.2)
        return
    book.note("keyed", name, got, expected=(201,))
    own.clear()


def many(site: Site, book: Book, own: dict[str, Any]) -> None:
    """All of them or none."""
    name = f"many-{uuid.uuid4().hex[:12]}"
    rows = [{"name": f"{name}-{number}", "unit": book.places["unit"]} for number in range(TOGETHER)]
    _sent(book, "many", name, lambda: site.api("POST", "/positions", rows))


def count(site: Site, book: Book, own: dict[str, Any]) -> None:
    """Read, add one, write if nobody wrote in between: every acknowledged step counts."""
    path = f"/positions/{book.places['counter']}"
    record = site.api("GET", path)
    if record.status != 200:
        book.odd[f"count: {record.status}"] += 1
        return
    value = int(record.json["purpose"]) + 1
    match = f'"{record.json["version"]}"'
    _sent(
        book,
        "count",
        str(value),
        lambda: site.api("PATCH", path, {"purpose": str(value)}, If_Match=match),
        expected=(200,),
        passed=(412,),
    )


def form(site: Site, book: Book, own: dict[str, Any]) -> None:
    """A person at a form."""
    _signed_in(site, own)
    page = site.ask("GET", "/positions/new/", Cookie=_cookies(own))
    data = _fields(page.text)
    name = f"form-{uuid.uuid4().hex[:12]}"
    data |= {"name": name, "purpose": "by form"}
    if not data.get("unit"):
        data["unit"] = _first_choice(page.text, "unit")
    _sent(book, "form", name, lambda: _post(site, own, "/positions/new/", data), expected=(302,))
    time.sleep(0.3)


def file(site: Site, book: Book, own: dict[str, Any]) -> None:
    """Evidence added to a record."""
    _signed_in(site, own)
    path = f"/positions/{book.places['counter']}/files/"
    data = _fields(site.ask("GET", path, Cookie=_cookies(own)).text)
    name = f"file-{uuid.uuid4().hex[:12]}.txt"
    data.pop("files", None)
    _sent(book, "file", name, lambda: _post(site, own, path, data, file=name), expected=(302,))
    time.sleep(0.3)


def push(site: Site, book: Book, own: dict[str, Any]) -> None:
    """Facts from another program: their content is their key, so they are sent until there is an answer."""
    name, body = own.setdefault("facts", _facts())
    try:
        got = site.api("POST", "/datasets/facts/facts", body, Content_Type="text/csv")
    except Lost:
        time.sleep(0.2)
        return
    if book.note("push", name, got, expected=(200, 202)):
        time.sleep(1)
    own.clear()


WRITERS: tuple[Writer, ...] = (one, keyed, many, count, count, form, file, push)


def _facts() -> tuple[str, bytes]:
    name = uuid.uuid4().hex[:12]
    lines = [f"{name}-{n},2024-{1 + n % 12:02}-{1 + n % 28:02},B{n % 4},1" for n in range(FACTS)]
    return name, "\n".join(["id,day,branch,value", *lines]).encode()


def _sent(
    book: Book,
    kind: str,
    what: str,
    send: Callable[[], Answer],
    *,
    expected: tuple[int, ...] = (201,),
    passed: tuple[int, ...] = (),
) -> None:
    try:
        got = send()
    except Lost:
        book.lost(kind, what)
        raise
    if got.status not in passed:
        book.note(kind, what, got, expected=expected)


def _signed_in(site: Site, own: dict[str, Any]) -> None:
    if "cookies" in own:
        return
    page = site.ask("GET", "/login/")
    own["cookies"] = {}
    _keep_cookies(own, page)
    data = _fields(page.text) | {"username": OWNER, "password": PASSWORD}
    if _post(site, own, "/login/", data).status != 302:
        own.clear()
        raise Lost("not signed in")


def _post(site: Site, own: dict[str, Any], path: str, data: dict[str, str], *, file: str = "") -> Answer:
    head = {"Cookie": _cookies(own), "Referer": f"{site.address}{path}"}
    head["Origin"] = site.address
    if file:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in data.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{file}"\r\n'
            f"Content-Type: text/plain\r\n\r\n{file * 500}\r\n--{edge}--\r\n"
        )
        kind, body = f"multipart/form-data; boundary={edge}", "".join(parts).encode()
    else:
        kind, body = "application/x-www-form-urlencoded", urlencode(data).encode()
    answer = site.ask("POST", path, body, Content_Type=kind, **head)
    _keep_cookies(own, answer)
    return answer


def _keep_cookies(own: dict[str, Any], answer: Answer) -> None:
    for name, value in re.findall(r"(csrftoken|sessionid)=([^;]+)", answer.headers.get("set-cookie", "")):
        own["cookies"][name] = value


def _cookies(own: dict[str, Any]) -> str:
    return "; ".join(f"{name}={value}" for name, value in own["cookies"].items())


def _fields(page: str) -> dict[str, str]:
    """What a browser would send of the largest form of the page."""
    form = max(re.findall(r"<form\b[^>]*>.*?</form>", page, re.S), key=len, default="")
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        said = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
        silent = said.get("type") in {"checkbox", "radio", "file", "submit"} and "checked" not in tag
        if "name" in said and not silent:
            found[said["name"]] = unescape(said.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text).strip()
    return found


def _first_choice(page: str, name: str) -> str:
    choices = re.search(rf'<select\b[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.S)
    values = re.findall(r'value="([^"]+)"', choices[1]) if choices else []
    return values[0] if values else ""
