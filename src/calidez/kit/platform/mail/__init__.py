"""E-mail by outbox: a mail exists exactly when its transaction committed, and the worker sends it with retries."""

from calidez.kit.platform.mail.outbox import absolute, write_mail

__all__ = ["absolute", "write_mail"]
