"""A ledger and its lines, and a tariff that is kept version by version."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from calidez.kit.core.any_record import AnyRecord
from calidez.kit.core.editions import EditionInForce
from calidez.kit.core.life_in_force import Latest, RecordInForce
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


class Tariff(RecordInForce):
    class Kind(models.TextChoices):
        HOUR = "hour", "by the hour"
        CASE = "case", "by the case"

    title = models.CharField("title", max_length=100)
    kind = models.CharField("kind", max_length=10, choices=Kind.choices, default=Kind.HOUR)
    price = models.FloatField("price", null=True, blank=True)
    secret = models.CharField("what it costs us", max_length=100, blank=True)
    since = models.DateField("first agreed", null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tellers = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name="tellers", blank=True)
    latest = Latest("ledger.TariffEdition")

    class Meta(RecordInForce.Meta):
        verbose_name = "tariff"
        verbose_name_plural = "tariffs"

    def __str__(self) -> str:
        return self.title


class Rebate(models.Model):
    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rebates")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rate = models.FloatField("rate")

    def __str__(self) -> str:
        return f"{self.to}: {self.rate:g}"


class TariffEdition(EditionInForce):
    record = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="editions")
    price = models.FloatField(null=True)
