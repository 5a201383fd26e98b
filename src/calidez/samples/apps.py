"""Registers the samples with Django."""

from django.apps import AppConfig


class SamplesConfig(AppConfig):
    name = "calidez.samples"
    label = "samples"
