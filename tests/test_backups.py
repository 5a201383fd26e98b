"""A backup of a site in use, by the commands that an operator types: what was acknowledged before is in it, and it is whole."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.processes
WRITERS, LOADERS = 2, 1
PREPARE = """
import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()
from calidez.people.tests.factories import world
from calidez.kit.tests.factories import issued
from calidez.kit.faces.api.models import *
from calidez.monitoring.loading.services.datasets import create_dataset
from calidez.monitoring.tests.factories import SCHEMA
people = world()
create_dataset(code='visits', name='Visits', unit=people.root, schema=SCHEMA, by=people.admin)
print(TOKEN(people))
"""
COUNT = """
import os, json, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()
from calidez.kit.platform.jobs.worker import run_worker
from calidez.people.models import Position
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store
from calidez.kit.platform.jobs.models import Job
Job.objects.filter(state='running').update(leased_until='2000-01-01T00:00:00Z')
before = Dataset.objects.get(code='visits').rows
now = store().open('visits').rows()
waiting = Import.objects.exclude(state__in=['loaded', 'discarded']).count()
run_worker(once=True)
visits = Dataset.objects.get(code='visits')
held = store().open('visits')
print(json.dumps({
    'positions': sorted(Position.objects.values_list('name', flat=True)),
    'loaded': sorted(Import.objects.filter(state='loaded').values_list('sha256', flat=True)),
    'rows': [before, now, visits.rows, held.rows()],
    'waiting': [waiting, Import.objects.exclude(state__in=['loaded', 'discarded']).count()],
    'batches': len(held.batches()),
}))
"""
