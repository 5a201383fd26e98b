"""Registers the service charter part with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    name = "calidez.charter"
    label = "charter"
    verbose_name = _("Service charter")
