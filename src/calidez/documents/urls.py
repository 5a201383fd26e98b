"""Addresses of the document pages that are more than list, detail and form."""

from __future__ import annotations

from django.urls import path

from calidez.documents.pages import comparing, files, lists, printing, reading

app_name = "documents"
urlpatterns = [
    path("documents-in-force/", lists.in_force, name="in-force"),
    path("my-reading/", lists.my_reading, name="my-reading"),
    path("documents/<uuid:uid>/compare/", comparing.compare, name="compare"),
    path("documents/<uuid:uid>/print/", printing.print_page, name="print"),
    path("documents/<uuid:uid>/versions/<int:number>/print/", printing.stamped_file, name="stamped"),
    path("documents/<uuid:uid>/versions/<int:number>/file/", files.file, name="file"),
    path(
        "documents/<uuid:uid>/versions/<int:number>/pictures/<uuid:picture>/", files.picture, name="picture"
    ),
    path("documents/<uuid:uid>/versions/<int:number>/read/", reading.read, name="read"),
]
