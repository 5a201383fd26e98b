"""Registers kit with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "calidez.kit"
    label = "kit"

    def ready(self) -> None:
        # Every part's declaration and registrations are read once, in the order of the installed parts.
        autodiscover_modules("entities")
        autodiscover_modules("register")
        autodiscover_modules("jobs")
