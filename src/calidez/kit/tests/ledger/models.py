"""A ledger and its lines."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.record import Record


class Ledger(Record):
    title = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.title


class Line(models.Model):
    ledger = models.ForeignKey(Ledger, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=100)
    amount = models.IntegerField(null=True, blank=True, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "text"], name="ledger_line_once")]

    def __str__(self) -> str:
        return self.text


class Remark(Record):
    """What somebody noted down, about a record of whatever kind."""

    code = models.CharField(max_length=20, unique=True, editable=False)
    text = models.CharField(max_length=100)
    origin = AnyRecord("origin", null=True, blank=True)

    def __str__(self) -> str:
        return self.text
