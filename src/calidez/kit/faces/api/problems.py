"""Refusals as problem details (RFC 9457): a sentence in the caller's language, and which field it is about."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pydantic
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import IntegrityError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from calidez.kit.core.values import Unreadable
from calidez.kit.platform import access_log, failures
from calidez.kit.platform.errors import NotAllowed, RuleBroken, VersionConflict

log = logging.getLogger("calidez.api")
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer other than the one wished for; raised anywhere below an endpoint."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: Any,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        reference: str = "",
    ) -> None:
        super().__init__(str(detail))
        self.status, self.kind, self.detail = status, kind, detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.reference = reference


def response(problem: Problem, request: HttpRequest) -> JsonResponse:
    """`type` is a stable name for programs; title and detail are for people."""
    if problem.kind == "not-allowed" or (
        problem.kind == "not-signed-in" and "Authorization" in request.headers
    ):
        access_log.refused(request, problem.detail)
    body: dict[str, Any] = {
        "type": f"urn:calidez:problem:{problem.kind}",
        "title": title(problem.kind, problem.status),
        "status": problem.status,
        "detail": str(problem.detail),
        "instance": request.get_full_path(),
    }
    if problem.errors:
        body["errors"] = [dict(error) for error in problem.errors]
    if problem.reference:
        body["reference"] = problem.reference
    answer = JsonResponse(
        body, status=problem.status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def title(kind: str, status: int) -> str:
    titles = {
        "not-signed-in": _("You are not signed in"),
        "not-allowed": _("You may not do this"),
        "not-found": _("There is nothing here"),
        "method": _("This address does not understand that verb"),
        "malformed": _("The request cannot be read"),
        "invalid": _("Some values cannot be taken"),
        "refused": _("A rule says no"),
        "closed": _("Not possible in this state"),
        "taken": _("Somebody else was faster"),
        "version-changed": _("The record has changed meanwhile"),
        "version-missing": _("Say which version you change"),
        "too-large": _("The request is too large"),
        "media-type": _("This kind of content is not understood"),
        "key-reused": _("The idempotency key was used for something else"),
        "too-many": _("Too many requests"),
        "failure": _("Something went wrong on our side"),
    }
    return titles.get(kind) or HTTPStatus(status).phrase


def of(error: Exception) -> Problem:
    """The problem that an error of the layers below means to the caller."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Unreadable):
        return Problem(422, "invalid", _say_all(error.errors), errors=_placed(error.errors))
    if isinstance(error, RuleBroken):
        return Problem(422, "refused", error, errors=_placed(error.errors))
    if isinstance(error, NotAllowed):
        return Problem(403, "not-allowed", error)
    if isinstance(error, VersionConflict):
        return stale(error.record)
    if isinstance(error, (Http404, ObjectDoesNotExist)):
        return missing()
    if isinstance(error, PermissionDenied):
        return Problem(403, "not-allowed", str(error) or _("You may not do this."))
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too-large", _("The content is larger than this address takes."))
    if isinstance(error, ValidationError):
        return _of_checks(error.errors, skip=1)
    if isinstance(error, pydantic.ValidationError):
        return _of_checks(error.errors(include_url=False))
    if isinstance(error, HttpError):
        return Problem(error.status_code, "malformed", error.message)
    if isinstance(error, IntegrityError):
        return Problem(
            409, "taken", _("Somebody else saved the same at this moment. Read it again, then try again.")
        )
    reference = failures.new_reference()
    log.error("[%s] An endpoint failed", reference, exc_info=error)
    return failure(reference)


def failure(reference: str) -> Problem:
    return Problem(
        500,
        "failure",
        _(
            "Nothing was changed. The administrator finds what happened in the server's log, under the reference %(reference)s."
        )
        % {"reference": reference},
        reference=reference,
        headers={failures.HEADER: reference},
    )


def missing() -> Problem:
    return Problem(
        404,
        "not-found",
        _("There is no such address or record, or it belongs to a unit that you cannot see."),
    )


def stale(record: Any) -> Problem:
    return Problem(
        412,
        "version-changed",
        _(
            "Somebody else changed this record: it is at version %(version)s. Read it again, then send your change."
        )
        % {"version": record.version},
        headers={"ETag": f'"{record.version}"'},
    )


def _placed(errors: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"field": name, "message": str(sentence)} for name, sentence in errors.items()]


def _say_all(errors: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {sentence}" for name, sentence in errors.items())


def _of_checks(found: Sequence[Mapping[str, Any]], *, skip: int = 0) -> Problem:
    """What a declared endpoint's own checks found, one sentence for each place; `skip` leaves out where it stood."""
    errors = [
        {"field": ".".join(str(part) for part in fault["loc"][skip:]), "message": _said(fault)}
        for fault in found
    ]
    said = " ".join(f"{e['field']}: {e['message']}" for e in errors)
    return Problem(422, "invalid", said, errors=errors)


def _said(fault: Mapping[str, Any]) -> str:
    """The usual faults in our own words: those of the checking library are English only."""
    kind = str(fault["type"])
    if kind == "missing":
        return _("A value is needed here.")
    if kind == "enum" or kind == "literal_error":
        return _("One of: %(codes)s.") % {"codes": fault.get("ctx", {}).get("expected", "").replace("'", "")}
    if kind.startswith("date"):
        return _("Write a date as 2026-03-12.")
    sentences = {
        "string": _("A text is needed here."),
        "int": _("A whole number is needed here."),
        "float": _("A number is needed here."),
        "bool": _("Write true or false."),
        "list": _("A list is needed here."),
        "uuid": _("An identifier is needed here."),
    }
    return sentences.get(kind.split("_")[0]) or _("This value cannot be taken.")
