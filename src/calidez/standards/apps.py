"""Registers the standards part with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "calidez.standards"
    label = "standards"
    verbose_name = _("Standards")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from calidez.standards import services

        post_migrate.connect(services.ship_dimensions, sender=self)
