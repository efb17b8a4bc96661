"""The labels of an edit that name no object; the previous release, which knows none, adds rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills the column where it is not named."""

    dependencies = [("inpainting", "0008_mask_convention")]

    operations = [
        migrations.AddField(
            model_name="edit",
            name="missing_labels",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Labels that were asked for and name no object of the photo.",
            ),
        ),
    ]
