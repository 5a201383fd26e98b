"""Every story is loaded once and must be told truly, in numbers and in both languages."""

from __future__ import annotations

import copy
import datetime as dt
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from calidez.config.tests.layers import layer
from tests.truth import stories
from tests.truth.story import Story, Words
from tests.truth.telling import LANGUAGES, Told, told

NOON = dt.time(12, tzinfo=dt.UTC)
NAMES = sorted(module.name for module in pkgutil.iter_modules(stories.__path__))


def story_called(name: str) -> Story:
    found: Story = importlib.import_module(f"tests.truth.stories.{name}").STORY
    return found


@pytest.fixture(scope="package")
def shared_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    from calidez.people.tests.factories import world

    with django_db_blocker.unblock(), layer():
        yield world()


@pytest.fixture(scope="package", params=NAMES)
def story(request: Any) -> Story:
    return story_called(request.param)


@pytest.fixture(scope="package")
def shared_telling(story: Story, shared_world: Any, tmp_path_factory: Any) -> Iterator[Told]:
    from calidez.engine import limited

    with pytest.MonkeyPatch.context() as patched, layer():
        patched.setattr(limited, "APART", False)
        on = dt.datetime.combine(story.today, NOON)
        patched.setattr(timezone, "now", lambda: on)
        yield told(story, copy.deepcopy(shared_world), tmp_path_factory.mktemp("truth"))


@pytest.fixture
def telling(shared_telling: Told, db: None) -> Told:
    return shared_telling


def test_the_numbers_are_right(story: Story, telling: Told) -> None:
    if story.numbers is not None:
        story.numbers(telling)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_right(story: Story, telling: Told, language: str) -> None:
    for page, words in story.says.items():
        text = telling.page(page, language)
        for sentence in _required(words, language):
            assert sentence in text, f"{page} does not say “{sentence}” but: {text[:1500]}"
        for sentence in _forbidden(words, language):
            assert sentence not in text, f"{page} says “{sentence}”: {text[:1500]}"


def test_there_are_stories_enough_and_each_says_something_in_both_languages() -> None:
    told_in_both = [name for name in NAMES if _speaks(story_called(name))]
    assert told_in_both == NAMES
    assert len(NAMES) >= ENOUGH


ENOUGH = 1


def _speaks(story: Story) -> bool:
    said = list(story.says.values())
    return any(w.es or w.never_es for w in said) and any(w.en or w.never_en for w in said)


def _required(words: Words, language: str) -> tuple[str, ...]:
    return words.es if language == "es" else words.en


def _forbidden(words: Words, language: str) -> tuple[str, ...]:
    return words.never_es if language == "es" else words.never_en
