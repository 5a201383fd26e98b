"""Promises already in force become the first version of their standard, so that periods stay judged as they were."""

from django.db import migrations
from django.utils import timezone

TEXTS = ("title", "requirement", "kind", "direction", "target", "measured_in", "tolerance")


def _reference(record):
    return {"uid": str(record.uid), "label": str(getattr(record, "name", "") or record.uid)}


def keep(apps, schema_editor):
    Standard = apps.get_model("standards", "Standard")
    StandardVersion = apps.get_model("standards", "StandardVersion")
    promised = Standard.objects.exclude(state="draft").filter(target__isnull=False, starts__isnull=False)
    for standard in promised.select_related("owner", "unit"):
        told = {name: getattr(standard, name) for name in TEXTS}
        told |= {"owner": _reference(standard.owner), "unit": _reference(standard.unit)}
        told["units"] = [_reference(unit) for unit in standard.units.order_by("pk")]
        version = StandardVersion.objects.create(
            standard=standard,
            number=1,
            direction=standard.direction,
            target=standard.target,
            tolerance=standard.tolerance,
            measured_in=standard.measured_in,
            promised=told,
            starts=standard.starts,
            ends=standard.ends,
            proposed_by=standard.created_by,
            approved_at=timezone.now(),
        )
        Standard.objects.filter(pk=standard.pk).update(latest=version)


class Migration(migrations.Migration):
    dependencies = [("standards", "0002_complete_standards")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
