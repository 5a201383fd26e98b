"""Registers kit with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "calidez.kit"
    label = "kit"

    def ready(self) -> None:
        from calidez.kit.desk import usual
        from calidez.kit.desk.inbox.declared import add_declared
        from calidez.kit.platform import stopped_readers

        usual.furnish()
        stopped_readers.watch()
        # Every part's declaration and registrations are read once, in the order of the installed parts.
        autodiscover_modules("entities")
        autodiscover_modules("register")
        add_declared()
        # The web processes show what the worker runs, so both know every job; kit's own lie with their topics.
        autodiscover_modules("jobs")
