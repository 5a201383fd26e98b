"""The index: which words stand in which record, and how far the trail has been followed."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One record in the index, by stable names: the index can be made anew at any time."""

    entity = models.CharField(max_length=60)
    subject_uid = models.UUIDField()
    digest = models.CharField(max_length=32)  # of its words: what has not changed is not written again
    touched = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "subject_uid"], name="kit_search_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.subject_uid}"


class SearchTerm(models.Model):
    term = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.term


class SearchPosting(models.Model):
    """A word of a record."""

    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="postings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "entry"], name="kit_search_posting_once")]

    def __str__(self) -> str:
        return f"{self.term_id} in {self.entry_id}"


class SearchCursor(models.Model):
    """How far one source of changes has been followed: the trail by position, a kind of record by key."""

    source = models.CharField(max_length=80, unique=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source}: {self.position}"
