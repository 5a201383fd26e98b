import pytest

from calidez.samples.packs import shelf
from calidez.samples.packs.loading import load_pack


@pytest.mark.django_db
@pytest.mark.parametrize("key", shelf.keys())
def test_load(ana, key):
    import time

    t = time.time()
    done = load_pack(shelf.pack_called(key), by=ana, unit=ana.unit, language="es")
    print(
        key,
        time.time() - t,
        {
            s: done.count(s)
            for s in ("policy", "commitments", "datasets", "standards", "indicators", "objectives")
        },
    )
