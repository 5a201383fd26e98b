"""Addresses of the greeting."""

from django.urls import path

from calidez.config.welcome import pages

app_name = "welcome"
urlpatterns = [
    path("", pages.language, name="language"),
    path("organisation/", pages.about_organisation, name="organisation"),
    path("administrator/", pages.administrator, name="administrator"),
    path("units/", pages.units, name="units"),
    path("start/", pages.start, name="start"),
    path("sample/", pages.sample, name="sample"),
]
