"""Which records came from which entry of a starter pack, so that loading a pack again changes nothing."""

from __future__ import annotations

from django.db import models

from calidez.people.models import Unit


class PackEntry(models.Model):
    """One entry of a pack and the record that it became, in one unit; the record itself is the company's own since."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=60)
    section = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    record = models.UUIDField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "pack", "section", "key"], name="samples_one_record_an_entry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.section} {self.key}"
