from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("standards", "0004_sheets")]
    operations = [
        migrations.RemoveConstraint("standardversion", "standards_version_number"),
        migrations.RemoveConstraint("standardversion", "standards_version_start"),
        migrations.RemoveConstraint("standardversion", "standards_version_order"),
        migrations.RemoveConstraint("standardversion", "standards_version_two_people"),
        migrations.AlterModelOptions("standardversion", {"ordering": ("pk",)}),
        migrations.RenameField("standardversion", "standard", "record"),
        migrations.RenameField("standardversion", "promised", "content"),
        migrations.RenameField("standardversion", "approved_by", "made_by"),
        migrations.RenameField("standardversion", "approved_at", "made_at"),
    ]
