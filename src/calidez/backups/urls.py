"""Addresses of the backups."""

from django.urls import path

from calidez.backups import pages

app_name = "backups"
urlpatterns = [path("backups/", pages.backups, name="backups")]
