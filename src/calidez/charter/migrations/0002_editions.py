from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("charter", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("charterversion", "charter_version_number"),
        migrations.RenameField("charterversion", "charter", "record"),
        migrations.RenameField("charterversion", "snapshot", "content"),
        migrations.RenameField("charterversion", "published_by", "made_by"),
        migrations.RenameField("charterversion", "published_at", "made_at"),
    ]
