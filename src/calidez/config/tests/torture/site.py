"""The installation that is tortured, and the program that writes to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from calidez.config.tests.installation import Answer, Installation

TOKEN = """
import datetime as dt
from django.utils import timezone
from calidez.kit.faces.api.tokens import Line, issue
from calidez.people.models import User
ends = timezone.now() + dt.timedelta(days=30)
print(issue(name='torture', lines=[Line()], expires_at=ends, by=User.objects.get()).secret)
"""


class Site(Installation):
    def __init__(self, folder: Path, *, database: str = "") -> None:
        super().__init__(folder, database=database, web=2)
        self.token = ""

    def found(self) -> None:
        super().found()
        self.token = self.script(TOKEN)

    def api(self, method: str, path: str, content: Any = None, **headers: str) -> Answer:
        given = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | headers
        if isinstance(content, bytes):
            return self.ask(method, f"/api/v1{path}", content, **given)
        body = None if content is None else json.dumps(content).encode()
        return self.ask(method, f"/api/v1{path}", body, **given, Content_Type="application/json")
