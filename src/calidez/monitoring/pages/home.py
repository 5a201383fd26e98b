"""Home: are we keeping our promises, where is it changing, what must be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/home.html", {})
