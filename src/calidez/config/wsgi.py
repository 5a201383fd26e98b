"""The WSGI application that granian (or any WSGI server) runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
application = get_wsgi_application()

from calidez.config.operating import counted  # noqa: E402 - once the settings are read

counted.switch_on()

# What is loaded by now stays. Looking through all of it again and again, every few hundred objects, would cost a page an
# eighth to a quarter of its time; a page makes some ten thousand objects and nearly all go without the collector.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 10)
