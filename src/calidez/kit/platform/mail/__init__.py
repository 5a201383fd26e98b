"""E-mail by outbox: a mail exists exactly when its transaction committed, and the worker sends it with retries."""

from calidez.kit.platform.mail.outbox import Standing, standing, write_mail
from calidez.kit.platform.site_address import absolute

__all__ = ["Standing", "absolute", "standing", "write_mail"]
