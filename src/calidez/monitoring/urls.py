"""Addresses of monitoring's own pages."""

from django.urls import path

from calidez.monitoring.pages import home

urlpatterns = [
    path("", home.home, name="home"),
]
