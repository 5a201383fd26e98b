"""What can be refused, and why; each carries a sentence for the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RuleBroken(Exception):
    """A rule of the business says no. `field` places the sentence beside a form field; where several fields are
    wrong at once, `errors` holds a sentence for each, and `sentence` is the first.
    """

    def __init__(self, sentence: Any, *, field: str = "", errors: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.errors = dict(errors) if errors else {field: str(sentence)} if field else {}

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Exception):
    """The person lacks the permission; the sentence says which one and who can give it."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class VersionConflict(Exception):
    """Somebody else changed the record since this person opened it; `record` is as it stands now."""

    def __init__(self, record: Any) -> None:
        super().__init__("changed by somebody else meanwhile")
        self.record = record
