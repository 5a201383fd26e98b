"""How pages travel: compressed, and with a handful of files beside them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from calidez.config import bundles
from calidez.config.compression import CompressionMiddleware

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_of_a_bundle_is_there_and_every_script_of_the_frame_is_in_one() -> None:
    for name, parts in bundles.BUNDLES.items():
        assert find(name) is None, "made when it is collected"
        assert all(find(part) for part in parts)
        assert len(set(parts)) == len(parts)
    for template in ("base.html", "_head.html"):
        linked = re.findall(r'static "([^"]+\.(?:js|css))"', (ROOT / "templates" / template).read_text())
        assert set(linked) <= {"js/theme.js", "js/chart.js"}, "before the page is drawn, and a module"


@pytest.mark.slow
def test_collected_pages_link_a_handful_of_files(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "calidez.config.bundles.BundledStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    html = render_to_string("base.html")
    linked = re.findall(r'(?:href|src)="/static/([^"]+\.(?:js|css))"', html)
    assert len(linked) == 4
    assert all(re.search(r"\.[0-9a-f]{12}\.(js|css)$", name) for name in linked), (
        "kept for ever by their content"
    )
    whole = {name.partition(".")[0]: (tmp_path / name).read_text() for name in linked}
    for name, parts in bundles.BUNDLES.items():
        held = whole[name.partition(".")[0]]
        for part in parts:
            text = Path(str(find(part))).read_text()
            assert re.sub(r"url\([^)]*\)", "", text).strip()[:2000] in re.sub(r"url\([^)]*\)", "", held)
        assert (tmp_path / f"{staticfiles_storage.stored_name(name)}.gz").is_file()
    assert "chevron." in whole["css/frame"]
    assert "../img/chevron.svg" not in whole["css/frame"], (
        "what a style points at has its own name by content"
    )


@pytest.mark.django_db
def test_pages_are_compressed_where_the_browser_takes_it() -> None:
    answer = Client().get("/login/", headers={"Accept-Encoding": "gzip"}, follow=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(answer.content)
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in Client().get("/login/", follow=True).headers


def test_the_length_of_a_page_tells_nothing_of_a_secret_in_it() -> None:
    asked = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    middleware = CompressionMiddleware(lambda request: HttpResponse("x" * 3000))
    assert len({len(middleware(asked).content) for _ in range(60)}) > 1


def test_what_people_fetch_is_left_as_it_is() -> None:
    asked = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    for answer in (
        StreamingHttpResponse(iter([b"a,b\n" * 500]), content_type="text/csv"),
        HttpResponse(b"PK" * 500, content_type="application/zip"),
    ):
        assert "Content-Encoding" not in CompressionMiddleware(lambda request, a=answer: a)(asked).headers
