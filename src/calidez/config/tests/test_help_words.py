"""The command line speaks one language: what its library says by itself too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from calidez.config import cli, speech

ENGLISH = re.compile(
    r"Usage:|Options:|Commands:|Arguments:|Show this|\[default|required\]|OPTIONS|COMMAND|ARGS|<str|<int|<path|list\["
    r"|Error:|Try |No such|Missing|Invalid|Did you|Got unexpected"
)


@pytest.fixture(autouse=True)
def spanish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "200")
    before = speech.spoken()
    speech.speak("es")
    yield
    speech.speak(before)


def said(*words: str) -> str:
    done = CliRunner().invoke(cli.app, list(words), prog_name="calidez")
    return done.stdout + done.stderr


def commands(group: Any = None, *above: str) -> Iterator[tuple[str, ...]]:
    """Each command and group by the words that call it."""
    command = group or typer.main.get_command(cli.app)
    yield above
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, *above, name)


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_no_english_word_frames_a_help_text(words: tuple[str, ...]) -> None:
    text = said(*words, "--language", "es", "--help")
    assert text.startswith(f"Uso: {' '.join(('calidez', *words))} [OPCIONES]")
    assert "Muestra este texto y termina." in text
    assert ENGLISH.findall(text) == []


@pytest.mark.parametrize("words", ["", "user"])
def test_a_group_alone_tells_its_commands(words: str) -> None:
    text = said(*words.split())
    assert "Comandos:" in text
    assert ENGLISH.findall(text) == []


def test_all_commands_are_walked() -> None:
    assert {("serve",), ("restore",), ("user", "create")} <= set(commands())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("serve --prot 3", "No existe la opción --prot. ¿Quiso decir --host, --port?"),
        ("serve -x", "No existe la opción -x."),
        ("serv", "No existe el comando serv. ¿Quiso decir serve, user?"),
        ("--language es", "Indique un comando."),
        ("user nothing", "No existe el comando nothing."),
        ("import", "Falta indicar: "),
        ("import x.csv", "Falta la opción --dataset."),
        ("serve --port", "La opción --port necesita un valor."),
        ("serve --beside=3", "La opción --beside no lleva valor."),
        ("serve more than", "Esto sobra o le faltan comillas: more than"),
        ("serve --port 99999", "--port puede ser como máximo 65535."),
        ("serve --workers 0", "--workers puede ser como mínimo 1."),
        ("serve --port abc", "--port debe ser un número entero."),
    ],
)
def test_what_was_mistyped_is_refused_with_a_sentence_and_the_way_to_help(words: str, sentence: str) -> None:
    done = CliRunner().invoke(cli.app, words.split(), prog_name="calidez")
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Más información: calidez" in done.stderr
    assert ENGLISH.findall(done.stderr) == []
