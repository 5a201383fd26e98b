"""A program of its own: brings a stored database up to date and opens every kind of record in it, as its administrator."""

from __future__ import annotations

import json

import django


def main() -> None:
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing was collected here
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from django.test import Client
    from django.test.utils import setup_test_environment

    from calidez.kit.catalog import catalog
    from calidez.kit.core import verification
    from calidez.people.models import User

    setup_test_environment()
    admin = User.objects.get(email="admin@example.org")
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    refused, opened = [], {}
    for entity in catalog:
        records = list(entity.queryset(admin)[:2])
        opened[entity.key] = len(records)
        for address in (entity.list_url(), *(entity.url(record) for record in records)):
            status = client.get(address).status_code
            if status != 200:
                refused.append([address, status])
    found = verification.verify()
    print(json.dumps({"opened": opened, "refused": refused, "intact": found.intact, "events": found.events}))


if __name__ == "__main__":
    main()
