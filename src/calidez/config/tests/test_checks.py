"""Every mistake in the environment has its own sentence, and a sound environment has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from calidez.backups import marker
from calidez.config import environment
from calidez.config.checks import database_findings, environment_findings, settings_findings


def sentences(folder: Path, **environ: str) -> list[str]:
    return [f.sentence for f in environment_findings({"CALIDEZ_DATA": str(folder), **environ}) if f.serious]


def notes(folder: Path, **environ: str) -> list[str]:
    return [
        f.sentence for f in environment_findings({"CALIDEZ_DATA": str(folder), **environ}) if not f.serious
    ]


def test_a_folder_for_backups_is_looked_at(tmp_path: Path) -> None:
    data, kept = tmp_path / "var", tmp_path / "kept"
    kept.mkdir()
    assert sentences(data, CALIDEZ_BACKUP_DIR=str(kept)) == []
    assert "on the same disk" in notes(data, CALIDEZ_BACKUP_DIR=str(kept))[0]
    (data / "kept").mkdir(parents=True)
    for folder, said in (
        (data / "kept", "inside the data folder"),
        (tmp_path / "no", "name a folder that is there"),
    ):
        assert said in sentences(data, CALIDEZ_BACKUP_DIR=str(folder))[0]
    assert "names no folder" in notes(data, CALIDEZ_BACKUP_KEEP="7d")[0]
    assert notes(data, CALIDEZ_BACKUP_PASSPHRASE="for the command alone") == []
    for name, value, said in (
        ("CALIDEZ_BACKUP_KEEP", "for ever", "such as 7d,4w,12m"),
        ("CALIDEZ_BACKUP_RECIPIENT", "age1short", "no public key"),
        ("CALIDEZ_BACKUP_IDENTITY_FILE", str(tmp_path / "no"), "no file that this account can read"),
    ):
        assert said in sentences(data, CALIDEZ_BACKUP_DIR=str(kept), **{name: value})[0]


def test_a_half_restored_folder_starts_nothing_but_a_restore(tmp_path: Path) -> None:
    marker.put(tmp_path, archive="a.tar", begun_at="2026-11-28")
    assert "A restore broke off" in sentences(tmp_path)[0]
    assert settings_findings({"CALIDEZ_DATA": str(tmp_path)}) == []
    (tmp_path / marker.NAME).write_text("")  # killed while it was written
    assert "A restore broke off" in sentences(tmp_path)[0]


def test_defaults_are_sound(tmp_path: Path) -> None:
    assert environment_findings({"CALIDEZ_DATA": str(tmp_path / "new" / "folder")}) == []


def test_a_full_production_environment_is_sound(tmp_path: Path) -> None:
    environ = {
        "CALIDEZ_HTTPS": "1",
        "CALIDEZ_ALLOWED_HOSTS": "quality.example.org, intranet",
        "CALIDEZ_LANGUAGE": "en",
        "CALIDEZ_TIME_ZONE": "America/Guayaquil",
        "CALIDEZ_UPLOAD_LIMIT_MB": "500",
        "CALIDEZ_FILE_LIMIT_MB": "100",
        "CALIDEZ_SECRET_KEY": "k" * 50,
        "CALIDEZ_ADDRESS": "https://quality.example.org",
        "CALIDEZ_MAIL_URL": "smtps://calidez:se%40cret@mail.example.org:465",
        "CALIDEZ_MAIL_FROM": "Quality <quality@example.org>",
        "DATABASE_URL": "postgresql://calidez:se%40cret@db.example.org:5432/calidez",
    }
    assert sentences(tmp_path, **environ) == []
    assert notes(tmp_path, **environ) == []


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("CALIDEZ_DEBUG", "perhaps", "perhaps"),
        ("CALIDEZ_LANGUAGE", "fr", "it can be: es, en"),
        ("CALIDEZ_TIME_ZONE", "Mars/Olympus", "no time zone"),
        ("CALIDEZ_TIME_ZONE", "/etc/passwd", "no time zone"),
        ("CALIDEZ_UPLOAD_LIMIT_MB", "2 GB", "number of megabytes"),
        ("CALIDEZ_UPLOAD_LIMIT_MB", "0", "number of megabytes"),
        ("CALIDEZ_API_LIMIT", "many", "requests a minute"),
        ("CALIDEZ_WEBHOOK_PRIVATE", "maybe", "1 for yes"),
        ("CALIDEZ_WEBHOOK_ALLOW", "10.0.0.0/8, our-desk", "names our-desk"),
        ("CALIDEZ_FILE_LIMIT_MB", "many", "number of megabytes"),
        ("CALIDEZ_ALLOWED_HOSTS", "https://quality.example.org", "names only"),
        ("CALIDEZ_HTTPS", "1", "CALIDEZ_ALLOWED_HOSTS"),
        ("CALIDEZ_SECRET_KEY", "short", "too short"),
        ("CALIDEZ_AUDIT_KEY", "short", "too short"),
        ("CALIDEZ_ADDRESS", "quality.example.org", "https://"),
        ("CALIDEZ_MAIL_FROM", "quality", "no mail address"),
        ("CALIDEZ_MAIL_URL", "smtp://mail.example.org", "CALIDEZ_MAIL_FROM"),
        ("DATABASE_URL", "mysql://root@localhost/calidez", "mysql://"),
        ("DATABASE_URL", "calidez", "only postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "names no database"),
        ("DATABASE_URL", "postgresql://localhost:many/calidez", "cannot be read"),
    ],
)
def test_each_mistake_has_its_sentence(tmp_path: Path, name: str, value: str, part: str) -> None:
    (found,) = sentences(tmp_path, **{name: value})
    assert part in found


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("mail.example.org", "cannot be read"),
        ("smtp://mail.example.org:many", "cannot be read"),
        ("imap://mail.example.org", "imap://"),
    ],
)
def test_each_mistake_about_the_mail_server_has_its_sentence(tmp_path: Path, value: str, part: str) -> None:
    (found,) = sentences(tmp_path, CALIDEZ_MAIL_URL=value, CALIDEZ_MAIL_FROM="quality@example.org")
    assert part in found


def test_a_password_sent_in_the_open_is_noted(tmp_path: Path) -> None:
    url = "smtp+plain://calidez:secret@mail.example.org"
    (found,) = notes(tmp_path, CALIDEZ_MAIL_URL=url, CALIDEZ_MAIL_FROM="quality@example.org")
    assert "without encryption" in found


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://me:se%40cret@mail.example.org", 587, True, False),
        ("smtps://me:se%40cret@mail.example.org", 465, False, True),
        ("smtp+plain://me:se%40cret@mail.example.org:2525", 2525, False, False),
    ],
)
def test_the_mail_server_is_read_from_one_address(
    tmp_path: Path, url: str, port: int, starttls: bool, tls: bool
) -> None:
    mail = environment.read({"CALIDEZ_DATA": str(tmp_path), "CALIDEZ_MAIL_URL": url}).mail
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail.example.org", port)
    assert mail["EMAIL_HOST_PASSWORD"] == "se@cret"
    assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (starttls, tls)


def test_links_in_mails_follow_the_names_of_the_site(tmp_path: Path) -> None:
    folder = {"CALIDEZ_DATA": str(tmp_path)}
    named = folder | {"CALIDEZ_ALLOWED_HOSTS": "quality.example.org, intranet", "CALIDEZ_HTTPS": "1"}
    assert environment.read(named).address == "https://quality.example.org"
    assert environment.read(folder).address == "http://127.0.0.1:8000"
    given = named | {"CALIDEZ_ADDRESS": "https://q.example.org:8443/"}
    assert environment.read(given).address == "https://q.example.org:8443"


def test_a_misspelt_setting_is_named_with_the_one_meant(tmp_path: Path) -> None:
    (found,) = notes(tmp_path, CALIDEZ_ALOWED_HOSTS="x")
    assert "CALIDEZ_ALLOWED_HOSTS" in found


def test_debug_on_a_public_site_is_refused(tmp_path: Path) -> None:
    (found,) = sentences(
        tmp_path, CALIDEZ_HTTPS="1", CALIDEZ_ALLOWED_HOSTS="a.example.org", CALIDEZ_DEBUG="1"
    )
    assert "Turn it off" in found


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    (found,) = sentences(tmp_path / "var")
    assert str(tmp_path / "var") in found


def test_a_full_disk_is_seen_before_it_hurts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5_000_000

    monkeypatch.setattr("calidez.config.checks.folder.shutil.disk_usage", lambda path: Usage)
    (found,) = sentences(tmp_path)
    assert "5 MB" in found


def test_an_emptied_key_is_never_replaced_silently(tmp_path: Path) -> None:
    (tmp_path / "audit.key").write_text("")
    (found,) = sentences(tmp_path)
    assert "backup" in found


@pytest.mark.parametrize("trace", ["secret.key", "trail.head", "calidez.sqlite3"])
def test_a_lost_key_of_the_trail_is_said_and_another_is_not_made(tmp_path: Path, trace: str) -> None:
    (tmp_path / trace).write_text("k" * 64)
    (tmp_path / trace).chmod(0o600)
    (found,) = sentences(tmp_path)
    assert "audit.key, is missing" in found
    with pytest.raises(environment.KeyMissing):
        environment.read({"CALIDEZ_DATA": str(tmp_path)})
    assert not (tmp_path / "audit.key").exists()
    assert sentences(tmp_path, CALIDEZ_AUDIT_KEY="k" * 64) == []


def test_keys_of_a_new_folder_are_made_once(tmp_path: Path) -> None:
    first = environment.read({"CALIDEZ_DATA": str(tmp_path)})
    assert environment.read({"CALIDEZ_DATA": str(tmp_path)}).audit_key == first.audit_key


def test_a_key_that_others_can_read_is_noted(tmp_path: Path) -> None:
    (tmp_path / "audit.key").touch(0o600)
    (tmp_path / "audit.key").write_text("k" * 64)
    key = tmp_path / "secret.key"
    key.write_text("k" * 64)
    key.chmod(0o644)
    (found,) = notes(tmp_path)
    assert "chmod 600" in found
    key.chmod(0o600)
    assert notes(tmp_path) == []


def test_a_silent_database_is_one_sentence() -> None:
    (found,) = database_findings({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"})
    assert found.serious
    assert "does not answer" in found.sentence
    assert "\n" not in found.sentence


def test_what_is_meant_for_a_try_out_is_noted(tmp_path: Path) -> None:
    """Neither keeps the program from starting."""
    loosened = {"CALIDEZ_DEBUG": "1", "CALIDEZ_WEBHOOK_PRIVATE": "yes"}
    assert [note.split()[0] for note in notes(tmp_path, **loosened)] == [
        "CALIDEZ_DEBUG",
        "CALIDEZ_WEBHOOK_PRIVATE",
    ]
    for name in loosened:
        assert sentences(tmp_path, **{name: loosened[name]}) == []
    plain = {"CALIDEZ_DEBUG": "0", "CALIDEZ_WEBHOOK_PRIVATE": "no"}
    assert notes(tmp_path, **plain) == []
