"""A kind of record with rows, for tests of what no part needs yet."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "calidez.kit.tests.ledger"
    label = "ledger"
