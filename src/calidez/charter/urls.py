"""Addresses of the charter: the public page with its older versions, and the preview."""

from __future__ import annotations

from django.urls import path

from calidez.charter.pages import public

app_name = "charter"
urlpatterns = [
    path("charter/<slug:slug>/", public.public, name="public"),
    path("charter/<slug:slug>/preview/", public.preview, name="preview"),
    path("charter/<slug:slug>/<int:number>/", public.public, name="version"),
]
