"""How a mask file was read; the previous release, which knows none, goes on adding rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills both columns where they are not named."""

    dependencies = [("inpainting", "0007_move_sweep_lock")]

    operations = [
        migrations.AddField(
            model_name="mask",
            name="convention",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="How a mask file was read: white, black, transparent, label or annotation.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="mask",
            name="notes",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="What was noticed when the file was read, in sentences.",
            ),
        ),
    ]
