"""What the commands say and how they end, in the process of the tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from django.utils import translation
from typer.testing import CliRunner

from calidez.config import cli, environment, serving, speech, terminal
from calidez.kit.core import verification
from calidez.people.models import Grant, User

PASSWORD = "una-clave-larga-y-buena"
Run = Callable[..., Result]
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("COLUMNS", "200")
    before = speech.spoken()
    speech.speak("en")
    monkeypatch.setattr("os.umask", lambda mask: mask)
    with translation.override("en"):
        yield lambda *arguments: CliRunner().invoke(cli.app, list(arguments))
    speech.speak(before)


@pytest.fixture
def founded(run: Run) -> Run:
    named = ("--name", "Ada", "--organisation", "Clínica Norte", "--password", PASSWORD)
    assert run("user", "create", "Ada@Example.org", *named).exit_code == 0
    return run


def test_the_first_account_founds_the_organisation(founded: Run) -> None:
    grant = Grant.objects.select_related("user", "role", "unit").get()
    assert (grant.user.email, grant.role.code, grant.unit.name) == (
        "ada@example.org",
        "administrator",
        "Clínica Norte",
    )
    assert grant.user.check_password(PASSWORD)


def test_the_first_account_needs_an_organisation(run: Run) -> None:
    done = run("user", "create", "ada@example.org", "--name", "Ada", "--password", PASSWORD)
    assert done.exit_code == 1
    assert "--organisation" in done.stderr
    assert not User.objects.exists()


def test_further_accounts_get_their_role_and_are_listed(founded: Run) -> None:
    named = ("--name", "Bea", "--role", "quality_manager", "--password", PASSWORD)
    assert founded("user", "create", "bea@example.org", *named).exit_code == 0
    listed = founded("user", "list").stdout
    assert "bea@example.org" in listed
    assert "Quality manager" in listed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("create", "x@example.org", "--name", "X", "--role", "chef", "--password", PASSWORD),
            "no role chef",
        ),
        (("create", "x@example.org", "--name", "X", "--unit", "nowhere", "--password", PASSWORD), "nowhere"),
        (("create", "x@example.org", "--name", "X", "--password", "abc"), "short"),
        (("create", "ada@example.org", "--name", "X", "--password", PASSWORD), "already exists"),
        (("password", "nobody@example.org", "--password", PASSWORD), "no account nobody@example.org"),
    ],
)
def test_refusals_are_sentences_and_change_nothing(
    founded: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = founded("user", *arguments)
    assert done.exit_code == 1
    assert said in done.stderr
    assert User.objects.count() == 1


def test_a_password_is_changed(founded: Run) -> None:
    other = "otra-clave-igual-de-larga"
    assert founded("user", "password", "ada@example.org", "--password", other).exit_code == 0
    assert User.objects.get().check_password(other)


def test_a_slip_in_a_new_password_is_asked_again(founded: Run) -> None:
    other = "otra-clave-igual-de-larga"
    typed = f"{other}\n{other}x\n{other}\n{other}\n"
    done = CliRunner().invoke(cli.app, ["user", "password", "ada@example.org"], input=typed)
    assert (done.exit_code, "The two are not the same" in done.stderr) == (0, True)
    assert User.objects.get().check_password(other)
    assert (
        "Broken off." in CliRunner().invoke(cli.app, ["user", "password", "ada@example.org"], input="").stderr
    )


def test_verify_is_content_with_an_untouched_trail(founded: Run) -> None:
    done = founded("verify")
    assert done.exit_code == 0
    assert "intact" in done.stdout


def test_verify_names_the_first_broken_link(founded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = founded("verify")
    assert "intact" in done.stdout
    with monkeypatch.context() as patch:
        patch.setattr(verification, "_broken_link", lambda seal, position, previous: "content")
        done = founded("verify")
    assert done.exit_code == 1
    assert "broken at event 1" in done.stderr


def test_a_key_that_sealed_nothing_here_is_refused(founded: Run, settings: pytest.FixtureRequest) -> None:
    founded("verify")
    settings.AUDIT_KEY = "another-key-than-the-one-that-sealed"  # type: ignore[attr-defined]
    done = founded("verify")
    assert done.exit_code == 1
    assert "not the one that sealed it" in done.stderr


def test_verify_finds_a_rewritten_trail_by_the_head_on_paper(founded: Run) -> None:
    done = founded("verify", "--head", "f" * 64, "--events", "1")
    assert done.exit_code == 1
    assert "rewritten" in done.stderr


def test_a_slip_in_a_head_is_no_forgery(founded: Run) -> None:
    assert "64 digits" in founded("verify", "--head", "abc").stderr
    assert "at least 1" in founded("verify", "--events", "0").stderr
    assert "Say why" in founded("verify", "--accept", " ").stderr


def test_links_lead_to_what_is_served_until_a_name_is_known(tmp_path: Path) -> None:
    assert serving.reached_at("0.0.0.0", 8210) == "http://127.0.0.1:8210"
    assert serving.reached_at("::1", 8210) == "http://[::1]:8210"
    served = {"CALIDEZ_DATA": str(tmp_path), environment.SERVED_AT: "http://127.0.0.1:8210"}
    assert environment.read(served).address == "http://127.0.0.1:8210"
    apart = {"CALIDEZ_DATA": str(tmp_path)}
    (tmp_path / environment.SERVED_AT_FILE).write_text("http://127.0.0.1:8044")
    assert environment.read(apart).address == "http://127.0.0.1:8044", "a worker that is started apart"
    named = served | {"CALIDEZ_ALLOWED_HOSTS": "quality.example.org"}
    assert environment.read(named).address == "http://quality.example.org"


def test_check_ends_with_an_error_for_a_mistake(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check").exit_code == 0
    monkeypatch.setenv("CALIDEZ_TIME_ZONE", "Mars")
    done = run("check")
    assert done.exit_code == 1
    assert "CALIDEZ_TIME_ZONE is “Mars”" in done.stdout
    assert "CALIDEZ_TIME_ZONE is “Mars”" in run("user", "list").stderr


def test_check_answers_programs_in_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.loads(run("check", "--json").stdout)
    assert (said["ok"], said["here"]) == (True, [])
    assert [(one["about"], one["serious"]) for one in said["found"]] == [
        ("backups", False),
        ("address", False),
        ("mail", False),
    ]
    monkeypatch.setenv("CALIDEZ_TIME_ZONE", "Mars")
    done = run("check", "--json")
    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)["found"]
    assert (found["about"], found["serious"]) == ("settings", True)


def test_a_missing_file_is_said_before_anything_starts(run: Run) -> None:
    done = run("import", "nowhere.csv", "--dataset", "visits")
    assert done.exit_code == 1
    assert "There is no file nowhere.csv." in done.stderr


def test_an_unforeseen_error_is_a_sentence_and_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fall() -> None:
        raise ZeroDivisionError("no chairs left")

    monkeypatch.setattr("calidez.config.accounts.all_accounts", fall)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("user", "list")
    assert done.exit_code == 1
    assert "ZeroDivisionError: no chairs left" in done.stderr
    (file,) = tmp_path.glob("calidez-error-*.txt")
    assert "Traceback" in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "environ", "language"),
    [
        (["demo", "--language", "en"], {"CALIDEZ_LANGUAGE": "es"}, "en"),
        (["demo", "--language=en"], {}, "en"),
        ([], {"CALIDEZ_LANGUAGE": "en", "LANG": "es_EC.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "es_EC.UTF-8", "LC_ALL": "C"}, "es"),
        ([], {}, "es"),
        (["--language"], {}, "es"),
    ],
)
def test_speaks_what_was_asked_then_the_sites_then_the_terminals_language(
    arguments: list[str], environ: dict[str, str], language: str
) -> None:
    assert speech.choose(arguments, environ) == language


def test_jobs_of_tests_never_touch_the_persons_data() -> None:
    assert "calidez-test-" in os.environ["CALIDEZ_DATA"]


@pytest.mark.parametrize(("language", "written"), [("en", "5,245"), ("es", "5\N{NO-BREAK SPACE}245")])
def test_numbers_are_written_as_the_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert terminal.number(5245) == written


@pytest.mark.slow
def test_packs_are_listed_loaded_once_and_written(founded: Run, tmp_path: Path) -> None:
    assert "it-service-desk" in founded("packs").stdout
    assert founded("import-pack", "hotel").exit_code == 0
    again = founded("import-pack", "hotel")
    assert again.exit_code == 0
    assert "10" in again.stdout
    file = tmp_path / "mine.yaml"
    assert founded("export", str(file), "--pack", "mine").exit_code == 0
    assert "pack: mine" in file.read_text(encoding="utf-8")
    assert "pack: clinica-norte" in founded("export").stdout
    file.write_text(
        file.read_text(encoding="utf-8").replace("target: 90", "target: many", 1), encoding="utf-8"
    )
    refused = founded("import-pack", str(file))
    assert refused.exit_code == 1
    assert "mine.yaml, line" in refused.stderr


def test_a_pack_that_is_not_there_is_a_sentence(founded: Run) -> None:
    assert "no starter pack circus" in founded("import-pack", "circus").stderr
    assert "no file circus.yaml" in founded("import-pack", "circus.yaml").stderr
    assert "small letters" in founded("export", "--pack", "A B").stderr
