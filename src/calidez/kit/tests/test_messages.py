"""What a page says after a step carries its meaning: done, mind this, refused."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string


@pytest.mark.parametrize(
    ("level", "tone"),
    [
        (constants.SUCCESS, "tone-good"),
        (constants.WARNING, "tone-concern"),
        (constants.ERROR, "tone-bad"),
        (constants.INFO, "tone-neutral"),
    ],
)
def test_a_message_has_the_tone_of_its_level(level: int, tone: str) -> None:
    assert f"c-notice {tone}" in render_to_string(
        "cotton/messages.html", {"messages": [Message(level, "Done.")]}
    )
