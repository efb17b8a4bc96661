"""Indexes, added while the previous release is at work."""

from django.db import migrations, models

from config.safe_migrations import AddIndexSafely


class Migration(migrations.Migration):
    """Each index by itself: one that is added concurrently can be in no transaction."""

    atomic = False

    dependencies = [("inpainting", "0001_initial")]

    operations = [
        AddIndexSafely(
            model_name='detection',
            index=models.Index(fields=['photo', 'is_current', '-confidence'], name='detections_of_photo'),
        ),
        AddIndexSafely(
            model_name='edit',
            index=models.Index(fields=['-created_at', 'id'], name='edits_by_age'),
        ),
        AddIndexSafely(
            model_name='mask',
            index=models.Index(fields=['photo', '-created_at'], name='masks_of_photo'),
        ),
        AddIndexSafely(
            model_name='mask',
            index=models.Index(fields=['file'], name='masks_by_file'),
        ),
    ]
