"""What carries the queue's order, and the edits that a user has in it."""

from django.db import migrations, models

from config.safe_migrations import AddIndexSafely


class Migration(migrations.Migration):
    """Each index by itself: one that is added concurrently can be in no transaction."""

    atomic = False

    dependencies = [("inpainting", "0005_turns_and_pixel_use")]

    operations = [
        AddIndexSafely(
            model_name='edit',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['turn', 'queued_at', 'id'], name='edits_by_turn'),
        ),
        AddIndexSafely(
            model_name='edit',
            index=models.Index(condition=models.Q(('state__in', ('queued', 'running'))), fields=['created_by', 'turn'], name='edits_in_flight'),
        ),
    ]
