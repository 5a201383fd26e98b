"""Addresses of the document pages that are more than list, detail and form."""

from __future__ import annotations

from django.urls import path

from calidez.documents.pages import lists

app_name = "documents"
urlpatterns = [
    path("documents/in-force/", lists.in_force, name="in-force"),
    path("my-reading/", lists.my_reading, name="my-reading"),
]
