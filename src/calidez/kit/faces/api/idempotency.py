"""A request that is sent again after a broken connection is answered again, and done once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.faces.api.models import ApiAnswer
from calidez.kit.faces.api.problems import Problem

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(hours=24)
LONGEST = 200
_HEADERS = ("Location", "ETag", "Content-Type")


def once(request: HttpRequest, caller: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work and remember its answer in one transaction; where the key was there before, give that answer.

    The row is written first: a second request with the same key waits for the first, then finds its answer. A
    refusal (an exception) undoes the row too, so that whoever mends the cause may use the key again.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return work()
    if len(key) > LONGEST:
        raise Problem(
            422, "malformed", _("An idempotency key has at most %(count)s characters.") % {"count": LONGEST}
        )
    digest = _digest(request)
    forget_old()
    try:
        with transaction.atomic():
            row = ApiAnswer.objects.create(caller=caller, key=key, digest=digest, created_at=timezone.now())
            answer = work()
            row.status = answer.status_code
            row.headers = {name: answer[name] for name in _HEADERS if name in answer}
            row.body = answer.content.decode()
            row.save(update_fields=["status", "headers", "body"])
            return answer
    except IntegrityError:
        kept = ApiAnswer.objects.filter(caller=caller, key=key).first()
        if kept is None:  # the work itself met a constraint
            raise
        return _again(kept, digest)


def forget_old() -> None:
    ApiAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _again(kept: ApiAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        raise Problem(
            422,
            "key-reused",
            _("This idempotency key came with another request before. Use a new key for each new request."),
        )
    answer = HttpResponse(kept.body, status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def _digest(request: HttpRequest) -> str:
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    found.update(request.body)
    return found.hexdigest()
