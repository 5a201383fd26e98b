"""From typed words to records that this person may see, the likeliest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.search.indexing import follow_trail
from calidez.kit.desk.search.models import SearchEntry, SearchPosting, SearchTerm
from calidez.kit.desk.search.terms import words
from calidez.kit.platform.display import Badge

SHOWN = 20
BROAD = 2000  # postings beyond which a word says little: then the newest records are looked through first
ROUND, ROUNDS = 100, 6  # candidates looked at together, and how often, until enough of them may be seen
SHORTEST_TO_FORGIVE = 4
MOST_WORDS = 6
MOST_TERMS = 400
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Hit:
    """A record as a line of the results; `forgiven` where a word had to be read as another."""

    kind: str
    icon: str
    title: str
    code: str
    url: str
    state: Badge | None
    forgiven: bool = False


def find(text: str, user: Any, *, shown: int = SHOWN) -> tuple[Hit, ...]:
    """Records that hold a word beginning with each of those typed; where few do, also those with words much alike."""
    wanted = words(text)[:MOST_WORDS]
    if not any(len(word) > 1 or word.isdigit() for word in wanted):
        return ()
    follow_trail()
    hits = _matching([_beginning(word) for word in wanted], wanted, user, shown)
    if len(hits) < shown // 4:
        alike = _forgiving(wanted)
        if alike is not None:
            known = {hit.url for hit in hits}
            more = _matching(alike, wanted, user, shown, forgiven=True)
            hits += [hit for hit in more if hit.url not in known]
    return tuple(hits[:shown])


def _matching(
    conditions: Sequence[Q], wanted: list[str], user: Any, shown: int, *, forgiven: bool = False
) -> list[Hit]:
    """What people look for by name comes first; what comes into being in masses fills the rest."""
    masses = [entity.key for entity in catalog if entity.found_last]
    hits = _seen(_candidates(conditions, ~Q(entity__in=masses)), wanted, user, shown, forgiven=forgiven)
    if masses and len(hits) < shown:
        rest = _candidates(conditions, Q(entity__in=masses))
        hits += _seen(rest, wanted, user, shown - len(hits), forgiven=forgiven)
    return hits


def _candidates(conditions: Sequence[Q], kinds: Q) -> Iterator[list[SearchEntry]]:
    """Entries of these kinds that meet every condition on their terms, the newest first, in rounds."""
    entries = SearchEntry.objects.filter(kinds).order_by("-touched", "-pk")
    for condition in conditions:
        postings = SearchPosting.objects.filter(_by_terms(condition))
        few = len(postings.values_list("pk")[: BROAD + 1]) <= BROAD
        if few:
            entries = entries.filter(pk__in=postings.values("entry"))
        else:
            entries = entries.filter(Exists(postings.filter(entry=OuterRef("pk"))))
    for turn in range(ROUNDS):
        found = list(entries[turn * ROUND : (turn + 1) * ROUND])
        yield found
        if len(found) < ROUND:
            return


def _seen(
    rounds: Iterator[list[SearchEntry]], wanted: list[str], user: Any, shown: int, *, forgiven: bool = False
) -> list[Hit]:
    ranked: list[tuple[tuple[Any, ...], Hit]] = []
    for entries in rounds:
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for entry in entries:
            by_kind[entry.entity].append(entry.subject_uid)
        for key, uids in by_kind.items():
            entity = catalog.by_key(key)
            if entity is None or not entity.may(user, access.VIEW):
                continue
            for record in entity.queryset(user).filter(uid__in=uids).select_related(*entity.related()):
                hit = _hit(entity, record, forgiven)
                ranked.append((_rank(hit, wanted), hit))
        if len(ranked) >= shown:
            break
    ranked.sort(key=lambda pair: pair[0])
    return [hit for _rank_, hit in ranked]


def _hit(entity: Any, record: Any, forgiven: bool) -> Hit:
    label = entity.label
    return Hit(
        kind=label[:1].upper() + label[1:],
        icon=entity.icon,
        title=entity.title(record),
        code=str(getattr(record, "code", "")),
        url=entity.url(record),
        state=entity.state_badge(record),
        forgiven=forgiven,
    )


def _rank(hit: Hit, wanted: list[str]) -> tuple[Any, ...]:
    """The code itself first, then titles that say all of it, then those that say some, then what only the texts say."""
    code, title = words(hit.code), words(hit.title)
    whole = sum(word in title for word in wanted)
    begun = sum(any(part.startswith(word) for part in title) for word in wanted)
    return (code != wanted, -whole, -begun, len(title), hit.title)


def _by_terms(condition: Q) -> Q:
    """The terms are looked up first, where they are not too many: by their keys a posting is found in one step."""
    keys = list(SearchTerm.objects.filter(condition).values_list("pk", flat=True)[: MOST_TERMS + 1])
    if len(keys) <= MOST_TERMS:
        return Q(term_id__in=keys)
    return Q(term__in=SearchTerm.objects.filter(condition).values("pk"))


def _beginning(word: str) -> Q:
    if connection.vendor == "postgresql":
        return Q(term__startswith=word)  # served by the index for patterns
    # SQLite's LIKE would read every term; a range uses the index.
    return Q(term__gte=word, term__lt=word + LAST_LETTER)


def _forgiving(wanted: list[str]) -> list[Q] | None:
    """The words asked for, each also read as the terms most like it; None where nothing is much like them."""
    conditions, changed = [], False
    for word in wanted:
        near = _near(word)
        changed = changed or bool(near)
        conditions.append(_beginning(word) | Q(term__in=near) if near else _beginning(word))
    return conditions if changed else None


def _near(word: str) -> list[str]:
    """Terms that differ by a slip or two of the finger, also where the word is not typed to its end."""
    if len(word) < SHORTEST_TO_FORGIVE or re.search(r"\d", word):
        return []
    allowed = 1 if len(word) < 8 else 2
    terms = _vocabulary()
    whole = process.extract(
        word, terms, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=20, processor=None
    )
    begun = process.extract(
        word,
        [term[: len(word)] for term in terms],
        scorer=DamerauLevenshtein.distance,
        score_cutoff=1,
        limit=40,
        processor=None,
    )
    found = [term for term, _distance, _place in whole] + [terms[place] for _t, _distance, place in begun]
    best = sorted(set(found) - {word}, key=lambda term: -fuzz.ratio(word, term))
    return best[:20]


@dataclass
class _Vocabulary:
    """Terms of letters only, as this process has read them so far; `last` is the newest of all terms."""

    terms: list[str]
    last: tuple[int, str] = (0, "")


_read = _Vocabulary([])


def _vocabulary() -> list[str]:
    """Every term that a slip may have meant. Terms are only ever added, so only new ones are read."""
    pk, term = _read.last
    if pk and not SearchTerm.objects.filter(pk=pk, term=term).exists():  # an index made anew
        _read.terms.clear()
        pk = 0
    fresh = list(SearchTerm.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "term"))
    if fresh:
        _read.terms.extend(t for _pk, t in fresh if t.isalpha() and len(t) >= SHORTEST_TO_FORGIVE - 1)
        _read.last = fresh[-1]
    return _read.terms
