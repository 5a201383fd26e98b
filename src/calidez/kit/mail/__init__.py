"""E-mail by outbox: a mail exists exactly when its transaction committed, and the worker sends it with retries."""

from calidez.kit.mail.outbox import absolute, write_mail

__all__ = ["absolute", "write_mail"]
