"""Indexes, added while the previous release is at work."""

from django.db import migrations, models

from config.safe_migrations import AddIndexSafely


class Migration(migrations.Migration):
    """Each index by itself: one that is added concurrently can be in no transaction."""

    atomic = False

    dependencies = [("gallery", "0003_uploads")]

    operations = [
        AddIndexSafely(
            model_name='album',
            index=models.Index(fields=['-created_at', 'id'], name='albums_by_age'),
        ),
        AddIndexSafely(
            model_name='patch',
            index=models.Index(fields=['file'], name='patches_by_file'),
        ),
        AddIndexSafely(
            model_name='photo',
            index=models.Index(fields=['-created_at', 'id'], name='photos_by_age'),
        ),
        AddIndexSafely(
            model_name='photo',
            index=models.Index(fields=['original'], name='photos_by_file'),
        ),
        AddIndexSafely(
            model_name='rendition',
            index=models.Index(fields=['file'], name='renditions_by_file'),
        ),
        AddIndexSafely(
            model_name='rendition',
            index=models.Index(fields=['kind', 'created_at'], name='renditions_by_age'),
        ),
    ]
