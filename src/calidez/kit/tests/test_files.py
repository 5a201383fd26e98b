"""Files are what their content says, lie under their digest, and are given out whole or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from calidez.kit.catalog import catalog
from calidez.kit.core import audit, verification
from calidez.kit.desk.files import services
from calidez.kit.desk.files.models import Attachment
from calidez.kit.desk.files.services import clean_name
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.sniffing import media_type
from calidez.people.models import Position
from calidez.people.tests.factories import create

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (PDF, "a.txt", "application/pdf"),
        (PNG, "a.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0", "photo.jpg", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x.webp", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "IMG_1.HEIC", "image/heic"),
        (b"PK\x03\x04rest", "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04rest", "a.png", "application/zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png", "image/svg+xml"),
        (b"  <!DOCTYPE html><html>", "notes.txt", "text/html"),
        (b"hello <ScRiPt>alert(1)</script>", "notes.txt", "text/html"),
        ("fecha;espera\n1;ñ".encode(), "a.csv", "text/plain"),
        ("ñ".encode()[:1], "cut.txt", "application/octet-stream"),
        (b"MZ\x90\x00", "run.pdf", "application/octet-stream"),
        (b"", "empty", "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_content_says(head, name, kind):
    assert media_type(head, name) == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\acta.pdf", "acta.pdf"),
        ("acta\u202efdp.exe", "actafdp.exe"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("x" * 400 + ".pdf", "x" * 247 + ".pdf"),
        ("...", "file"),
    ],
)
def test_a_name_is_for_people(given, kept):
    with translation.override("en"):
        assert clean_name(given) == kept


@pytest.fixture
def place(world):
    return world, create(Position, world.admin, name="Porter", unit=world.north, purpose="Opens doors.")


def file(name="acta.txt", content=b"Acta"):
    return SimpleUploadedFile(name, content)


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_the_same_content_is_kept_once_and_the_trail_names_it(place, settings):
    w, record = place
    first, second = services.attach(
        record, [file(), file("copia.txt")], by=w.admin, effective_on=dt.date(2026, 3, 1)
    )
    assert first.sha256 == second.sha256
    kept = [p for p in settings.FILES_DIR.rglob("*") if p.is_file()]
    assert kept == [store.path_of(first.sha256)]
    event = audit.history(record, 1)[0]
    assert (event.verb, event.after["sha256"], event.note) == ("attach_file", first.sha256, "copia.txt")
    assert verification.verify().intact


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing_behind(place, settings):
    w, record = place
    settings.FILE_LIMIT_BYTES = 10
    for files, day in (
        ([file(content=b"x" * 11)], None),
        ([file(content=b"")], None),
        ([], None),
        ([file()] * 21, None),
        ([file()], dt.date(2999, 1, 1)),
    ):
        with pytest.raises(RuleBroken):
            services.attach(record, files, by=w.admin, effective_on=day)
    with pytest.raises(NotAllowed):
        services.attach(record, [file()], by=w.auditor)
    assert Attachment.objects.count() == 0
    assert not [p for p in settings.FILES_DIR.rglob("*") if p.is_file()]


@pytest.mark.django_db
def test_a_page_in_a_file_is_only_ever_bytes(place):
    w, record = place
    entity, client = catalog.of(Position), client_of(w.admin)
    html, png, pdf, text = services.attach(
        record,
        [file("a.png", b"<svg onload=alert(1)>"), file("b.png", PNG), file("c.pdf", PDF), file()],
        by=w.admin,
    )

    def fetched(attachment, look=True):
        return client.get(
            f"{entity.url(record)}files/{attachment.uid}/content/", {"look": "1"} if look else {}
        )

    answer = fetched(html)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    for attachment, kind in (
        (png, "image/png"),
        (pdf, "application/pdf"),
        (text, "text/plain; charset=utf-8"),
    ):
        shown = fetched(attachment)
        assert (shown["Content-Type"], shown["Content-Disposition"].split(";")[0]) == (kind, "inline")
        assert "no-store" in shown["Cache-Control"]
        assert fetched(attachment, look=False)["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_an_altered_file_is_not_given_out_and_comes_back_by_adding_it_again(place):
    w, record = place
    entity, client = catalog.of(Position), client_of(w.admin)
    (kept,) = services.attach(record, [file()], by=w.admin)
    path = store.path_of(kept.sha256)
    path.chmod(0o640)
    path.write_bytes(b"Otra acta")
    answer = client.get(f"{entity.url(record)}files/{kept.uid}/content/")
    assert answer.status_code == 409
    assert b"altered" in answer.content
    assert b"Otra acta" not in answer.content
    services.attach(record, [file()], by=w.admin)
    assert store.whole(kept.sha256)


@pytest.mark.django_db
def test_a_withdrawn_file_leaves_the_list_with_its_reason_and_its_bytes_stay(place):
    w, record = place
    entity, client = catalog.of(Position), client_of(w.admin)
    (kept,) = services.attach(record, [file()], by=w.admin)
    url = f"{entity.url(record)}files/{kept.uid}/"
    client.post(url + "withdraw/", {"why": " "})
    kept.refresh_from_db()
    assert kept.withdrawn_at is None
    client.post(url + "withdraw/", {"why": "Wrong branch"})
    assert "Wrong branch" in client.get(f"{entity.url(record)}?whole=1").content.decode()
    assert client.get(url + "content/").status_code == 302
    assert store.whole(kept.sha256)
    assert audit.history(record, 1)[0].note == "acta.txt: Wrong branch"
