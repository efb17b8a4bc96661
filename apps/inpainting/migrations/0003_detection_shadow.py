"""Shadows of detected objects; the previous release, which knows none, goes on adding rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills the column where it is not named."""

    dependencies = [("inpainting", "0002_indexes")]

    operations = [
        migrations.AddField(
            model_name='detection',
            name='shadow',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text="Polygons of the shadow that it casts, like the outline's."),
        ),
    ]
