"""Telling other systems what happened: an outbox written with the change, signed messages, and a log of each try."""
