"""Addresses of the starter packs."""

from django.urls import path

from calidez.samples import pages

app_name = "samples"
urlpatterns = [
    path("starter-packs/", pages.packs, name="packs"),
    path("starter-packs/<slug:key>.yaml", pages.file, name="file"),
    path("starter-packs/<slug:key>/", pages.pack, name="pack"),
    path("starter-packs/<slug:key>/<uuid:uid>/", pages.came, name="came"),
]
