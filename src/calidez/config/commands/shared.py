"""The language that the commands speak, chosen before any help text is made, and what several of them take."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from calidez.config import speech
from calidez.config.speech import gettext as _

speech.speak(speech.choose(sys.argv[1:]))

Language = Annotated[str | None, typer.Option(help=_("Language of texts and sample: es or en."))]
Host = Annotated[str, typer.Option(help=_("Address to listen on; 0.0.0.0 for all."))]
UnitCode = Annotated[
    str | None, typer.Option("--unit", help=_("Code of the unit (default: the whole organisation)."))
]
Acting = Annotated[
    str | None, typer.Option("--as", help=_("E-mail of who does it (default: an administrator)."))
]


def choose_language(language: Language = None) -> None:
    """Of a group of commands; `speech.choose` has read it already, wherever it stands."""
