"""What is no password however long: a word from the lists that everybody tries first, with a little around it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calidez.kit.core.values import folded

FEWEST_LETTERS = 5
# Beside Django's list, which is of English-speaking people mostly.
OWN = frozenset(
    [
        "calidez",
        "contrasena",
        "contrasenia",
        "clave",
        "miclave",
        "micontrasena",
        "bienvenido",
        "bienvenida",
        "bienvenidos",
        "colombia",
        "bogota",
        "medellin",
        "barcelona",
        "madrid",
        "mexico",
        "argentina",
        "peru",
        "chile",
        "espana",
        "calidad",
        "gerencia",
        "empresa",
        "hospital",
        "clinica",
        "administrador",
        "administradora",
        "usuario",
        "temporal",
        "cambiame",
        "welcome",
        "changeme",
        "administrator",
        "quality",
    ]
)
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LOOKALIKE = str.maketrans("0134578@$!", "oieastb" + "asi")


class NoWordOfTheLists:
    """For AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password.casefold())) < FEWEST_LETTERS or any(
            word in _words() for word in _cores(password)
        ):
            raise ValidationError(
                _(
                    "This is a word that everybody tries first, with a little around it. Take several words that have "
                    "nothing to do with each other."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Several words that have nothing to do with each other are hard to guess.")


def _cores(password: str) -> set[str]:
    """The word inside, also where figures stand for letters, and where it is said twice."""
    plain = folded(password)
    found = {
        _AROUND.sub("", plain),
        _AROUND.sub("", plain).translate(_LOOKALIKE),
        plain.translate(_LOOKALIKE),
    }
    found |= {
        word[: len(word) // 2] for word in found if len(word) > 1 and word[: len(word) // 2] * 2 == word
    }
    return {word for word in found if word}


@cache
def _words() -> frozenset[str]:
    return OWN | frozenset(word for word in CommonPasswordValidator().passwords if len(word) > 3)
