"""What the programming interface must remember: tokens, and answers already given."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.core.fields import States
from calidez.kit.core.record import Record
from calidez.kit.platform.display import Tone


class ApiToken(Record):
    """A key with which a program acts as its owner, never with more rights than the owner has at that moment.

    Only the digest of the secret is kept: it is random and long, so a plain digest cannot be turned back.
    """

    class State(States):
        VALID = "valid", _("Valid"), Tone.GOOD
        REVOKED = "revoked", _("Revoked"), Tone.QUIET

    name = models.CharField(
        _("name"), max_length=100, help_text=_("What uses it, so that you know it again.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acts as"),
        on_delete=models.PROTECT,
        related_name="api_tokens",
    )
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # [{"entity": "standard" or "*", "verb": "view" or "*", "unit": uid or ""}, …]; a unit stands for its subtree.
    lines: Any = models.JSONField(_("may do"), default=list, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.VALID, editable=False
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    unrecorded: ClassVar[tuple[str, ...]] = ("digest", "used_at")

    def __str__(self) -> str:
        return self.name

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()


class ApiAnswer(models.Model):
    """The answer to a request that carried an idempotency key, for whoever sends it again within a day."""

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers: Any = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kit_api_answer_once")]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"
