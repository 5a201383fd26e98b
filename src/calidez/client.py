"""A small client of the programming interface: pages followed, lost answers asked for again, refusals raised.

    with Client("https://quality.example.org", token) as calidez:
        for standard in calidez.list("standards", state="in_force"):
            print(standard["code"], standard["title"])

Standard library only, so that this one file can be copied beside a script.
"""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode, urlsplit

Json = dict[str, Any]
TRIES = 4
TIMEOUT = 60.0
AGAIN = {429, 502, 503, 504}
KINDS = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".arrow": "application/vnd.apache.arrow.stream",
}


class Problem(Exception):
    """What the server refused, in its own words; `kind` is stable, `errors` say field and message."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {body.get('title', '')}: {body.get('detail', '')}")
        self.status = status
        self.kind = str(body.get("type", "")).rpartition(":")[2]
        self.detail = str(body.get("detail", ""))
        self.errors: list[Json] = list(body.get("errors", ()))


class Client:
    """Calls below `address`/api/v1 in the name of a token's owner; `language` is that of texts and refusals."""

    def __init__(self, address: str, token: str, *, language: str = "", timeout: float = TIMEOUT) -> None:
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.netloc, timeout=timeout)
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if language:
            self._headers["Accept-Language"] = language

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # -- records --------------------------------------------------------------------------------------------

    def list(self, kind: str, /, **filters: Any) -> Iterator[Json]:
        """Every record that the filters leave, page after page."""
        following: str | None = self._path(kind) + ("?" + urlencode(filters) if filters else "")
        while following:
            page = self.call("GET", following)
            yield from page["items"]
            following = page["next"]

    def get(self, kind: str, id: str, /, *more: str, **params: Any) -> Json:
        """One record by uid or code; `more` goes below it, as "history" or "series"."""
        return self.call("GET", self._path(kind, id, *more) + ("?" + urlencode(params) if params else ""))

    def create(self, kind: str, /, **values: Any) -> Json:
        return self.call("POST", self._path(kind), values)

    def create_many(self, kind: str, rows: Iterable[Mapping[str, Any]], *, partial: bool = False) -> Json:
        """At most 1,000 at once, all or none; with `partial` those that can be taken."""
        path = self._path(kind) + ("?partial=true" if partial else "")
        return self.call("POST", path, [*rows])

    def change(self, record: Mapping[str, Any], /, **values: Any) -> Json:
        """Change what is named, if the record is still as it was read."""
        return self.call("PATCH", record["url"], values, {"If-Match": f'"{record["version"]}"'})

    def do(self, record: Mapping[str, Any], step: str, /, **values: Any) -> Json:
        """A step of the record's life, as "put_in_force"."""
        return self.call("POST", f"{record['url']}/{step}", values)

    # -- facts and background work -----------------------------------------------------------------------------

    def push(self, dataset: str, path: Path | str) -> Json:
        """Send a file of facts; what is packed with gzip is sent as it is."""
        place = Path(path)
        packed = place.suffix == ".gz"
        headers = {"Content-Type": KINDS[(place.with_suffix("") if packed else place).suffix]}
        if packed:
            headers["Content-Encoding"] = "gzip"
        return self._send("POST", self._path("datasets", dataset, "facts"), place, headers)

    def wait(self, job: Mapping[str, Any] | None, *, seconds: float = 600) -> Json | None:
        """Until background work is over; a Problem where it failed."""
        until = time.monotonic() + seconds
        while job is not None and not job["over"]:
            if time.monotonic() > until:
                raise TimeoutError(f"{job['title']}: still {job['state']} after {seconds} seconds")
            time.sleep(0.2)
            job = self.call("GET", job["url"])
        if job is not None and job["state"] != "done":
            raise Problem(500, {"title": job["title"], "detail": job["error"], "type": "job:failed"})
        return None if job is None else dict(job)

    # -- the wire ------------------------------------------------------------------------------------------

    def call(
        self, method: str, path: str, content: Any = None, headers: Mapping[str, str] | None = None
    ) -> Json:
        """One request; a POST carries a key, so that asking again after a lost answer does nothing twice."""
        sent = dict(headers or {})
        if content is not None:
            sent["Content-Type"] = "application/json"
        if method == "POST":
            sent["Idempotency-Key"] = str(uuid.uuid4())
        body = None if content is None else json.dumps(content).encode()
        return self._send(method, path, body, sent)

    def _send(self, method: str, path: str, body: bytes | Path | None, headers: Mapping[str, str]) -> Json:
        for attempt in range(1, TRIES + 1):
            try:
                status, found, wait = self._once(method, path, body, {**self._headers, **headers})
            except (OSError, http.client.HTTPException):
                self._connection.close()
                # A change that names its version is refused the second time; everything else may be asked again.
                if attempt == TRIES or method == "PATCH":
                    raise
                time.sleep(0.2 * 2**attempt)
                continue
            if status not in AGAIN or attempt == TRIES:
                break
            time.sleep(min(wait or 0.2 * 2**attempt, 60))
        if status >= 400:
            raise Problem(status, found)
        return found

    def _once(
        self, method: str, path: str, body: bytes | Path | None, headers: Mapping[str, str]
    ) -> tuple[int, Json, float]:
        if isinstance(body, Path):
            with body.open("rb") as file:
                sized = {**headers, "Content-Length": str(body.stat().st_size)}
                return self._answer(method, path, file, sized)
        return self._answer(method, path, body, headers)

    def _answer(
        self, method: str, path: str, body: bytes | BinaryIO | None, headers: Mapping[str, str]
    ) -> tuple[int, Json, float]:
        self._connection.request(method, path, body=body, headers=dict(headers))
        answer = self._connection.getresponse()
        text = answer.read().decode()
        try:
            found = json.loads(text) if text else {}
        except ValueError:
            found = {"title": answer.reason, "detail": text[:200]}
        waited = answer.getheader("Retry-After", "")
        return answer.status, found, float(waited) if waited.isdecimal() else 0.0

    def _path(self, *parts: str) -> str:
        return "/api/v1/" + "/".join(quote(part, safe="") for part in parts)
