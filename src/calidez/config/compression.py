"""Pages travel compressed; files that people fetch do not: most are compressed already, and they are streamed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TYPES = ("text/html", "application/json")


class CompressionMiddleware(GZipMiddleware):
    """Django's own adds some random bytes to each answer, so that its length tells nothing of a secret in it (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in TYPES:
            return response
        return super().process_response(request, response)
