"""Least confidences of looks for objects, and labels that an edit still waits for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The previous release, which knows neither, goes on adding rows: both may be empty."""

    dependencies = [
        ('inpainting', '0003_detection_shadow'),
    ]

    operations = [
        migrations.AddField(
            model_name='detectionrun',
            name='min_confidence',
            field=models.FloatField(blank=True, help_text="0 to 1, of what is kept; empty: the detector's own.", null=True),
        ),
        migrations.AddField(
            model_name='edit',
            name='awaited',
            field=models.JSONField(blank=True, help_text='Labels to add to the mask once objects have been looked for, and how.', null=True),
        ),
    ]
