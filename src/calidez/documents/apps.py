"""Registers the documents part with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "calidez.documents"
    label = "documents"
    verbose_name = _("Documents")
