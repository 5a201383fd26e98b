"""Every story is loaded once and must be told truly, in numbers and in both languages."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.truth import stories
from tests.truth.story import Story, Words
from tests.truth.telling import LANGUAGES, told

NOON = dt.time(12, tzinfo=dt.UTC)
NAMES = sorted(module.name for module in pkgutil.iter_modules(stories.__path__))


def story_called(name: str) -> Story:
    found: Story = importlib.import_module(f"tests.truth.stories.{name}").STORY
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_story_is_told_truly(name: str, world: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """In one test, so that the file is loaded once: what is drawn and judged, then the words of each page."""
    story = story_called(name)
    now = dt.datetime.combine(story.today, NOON)
    monkeypatch.setattr(timezone, "now", lambda: now)
    telling = told(story, world, tmp_path)
    if story.numbers is not None:
        story.numbers(telling)
    for language, (page, words) in product(LANGUAGES, story.says.items()):
        text = telling.page(page, language)
        for sentence in _required(words, language):
            assert sentence in text, f"{page} does not say “{sentence}” but: {text[:1500]}"
        for sentence in _forbidden(words, language):
            assert sentence not in text, f"{page} says “{sentence}”: {text[:1500]}"


def test_there_are_stories_enough_and_each_says_something_in_both_languages() -> None:
    told_in_both = [name for name in NAMES if _speaks(story_called(name))]
    assert told_in_both == NAMES
    assert len(NAMES) >= ENOUGH


ENOUGH = 60


def _speaks(story: Story) -> bool:
    said = list(story.says.values())
    return any(w.es or w.never_es for w in said) and any(w.en or w.never_en for w in said)


def _required(words: Words, language: str) -> tuple[str, ...]:
    return words.es if language == "es" else words.en


def _forbidden(words: Words, language: str) -> tuple[str, ...]:
    return words.never_es if language == "es" else words.never_en
