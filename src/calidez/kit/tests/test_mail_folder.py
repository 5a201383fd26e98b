"""Without a mail server mails lie in files that only the owner reads; no log holds what lets somebody in."""

from __future__ import annotations

import datetime as dt
import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from calidez.config import environment
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.log_lines import told
from calidez.kit.platform.mail import folder, outbox, write_mail
from calidez.kit.platform.mail.models import Mail

pytestmark = pytest.mark.django_db
LINK = (
    "https://quality.example.org/invitation/WyJhYmMiLCJkZWYiXQ:1vABCD:0123456789abcdefghijklmnopqrstuvwxyz/"
)


@pytest.fixture
def no_server(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = environment._mail("")["EMAIL_BACKEND"]
    return tmp_path / "mails"


def test_a_mail_becomes_a_file_of_its_owner_and_a_line_without_its_link(
    no_server: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    write_mail("rita@example.org", "Come in", f"Open:\n\n{LINK}\n")
    run_queued()
    (path,) = no_server.iterdir()
    assert LINK in path.read_text().replace("=\n", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(no_server.stat().st_mode) == 0o700
    told = "".join(capfd.readouterr()) + caplog.text
    assert "invitation" not in told
    (line,) = [record.getMessage() for record in caplog.records if record.name == "calidez.mail"]
    assert "CALIDEZ_MAIL_URL" in line
    assert "rita@example.org" in line
    assert str(path) in line
    assert Mail.objects.get().text == "", "what was sent keeps its envelope only"


def test_files_and_unsent_mails_are_forgotten_with_their_links(no_server: Path) -> None:
    write_mail("rita@example.org", "Come in", LINK)
    run_queued()
    write_mail("rita@example.org", "Never sent", LINK)
    (path,) = no_server.iterdir()
    now = timezone.now()
    assert folder.forget(now) == 0
    assert outbox.forget(now + dt.timedelta(days=6)) == 0
    assert outbox.forget(now + dt.timedelta(days=8)) == 1
    assert not path.exists()
    assert [mail.subject for mail in Mail.objects.all()] == ["Come in"]


def test_a_line_of_the_log_holds_no_step_that_lets_in() -> None:
    assert told(f"Not Found: {LINK}") == "Not Found: https://quality.example.org/invitation/…/"
    assert told(f"Gone: /password/new/{'x' * 43}/") == "Gone: /password/new/…/"
    plain = "Not Found: /units/0b6d3c1e-1111-4222-8333-123456789abc/edit/"
    assert told(plain) == plain
    assert told(f"x {os.sep}var{os.sep}lib") == "x /var/lib"
