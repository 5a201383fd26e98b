"""Registers the backups with Django."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "calidez.backups"
    label = "backups"
